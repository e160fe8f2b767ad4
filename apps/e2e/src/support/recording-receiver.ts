import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { cleanEnvironment } from './child-process.js';

const program = fileURLToPath(new URL('recording-receiver.main.ts', import.meta.url));

/** One message at one path: how often it came, and with how many different bodies. */
export interface ArrivedMessage {
  readonly path: string;
  readonly id: string;
  readonly channel: string;
  readonly count: number;
  readonly hashes: number;
  /** Milliseconds since the epoch. */
  readonly firstAt: number;
}

/** What a receiver has got so far. */
export interface ReceivedSoFar {
  /** Requests, repetitions included. */
  readonly received: number;
  /** Different ones. */
  readonly messages: number;
  /** Requests that have no answer yet. */
  readonly open: number;
}

/** A customer's web server in a process of its own. */
export class RecordingReceiver {
  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
  ) {}

  /** Starts one that answers 200 after `answerMs`. Call `stop` at the end. */
  static async start(answerMs = 0): Promise<RecordingReceiver> {
    const child = spawn(process.execPath, ['--no-warnings', program], {
      env: { ...cleanEnvironment(), ANSWER_MS: String(answerMs) },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [port] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
    return new RecordingReceiver(child, `http://127.0.0.1:${port}`);
  }

  async soFar(): Promise<ReceivedSoFar> {
    return (await (await fetch(`${this.url}/`)).json()) as ReceivedSoFar;
  }

  /** Every message that came. */
  async messages(): Promise<ArrivedMessage[]> {
    return (await (await fetch(`${this.url}/messages`)).json()) as ArrivedMessage[];
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await ended;
  }
}

import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../..', import.meta.url));
const keptLines = 5_000;

/** How a process ended. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** One of our programs in a process of its own; what it writes is kept for the day it fails. */
export class Program {
  /** Resolves when the process is gone. */
  readonly ended: Promise<Exit>;
  readonly #child: ChildProcess;
  readonly #lines: { readonly at: number; readonly text: string }[] = [];

  /** `app` is a folder in `apps/`; it must have been compiled. */
  constructor(
    readonly app: string,
    environment: NodeJS.ProcessEnv,
    args: readonly string[] = [],
  ) {
    this.#child = spawn(process.execPath, ['--enable-source-maps', `${root}apps/${app}/dist/main.js`, ...args], {
      cwd: root,
      env: environment,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.ended = new Promise((resolve, reject) => {
      this.#child.once('error', reject);
      this.#child.once('exit', (code, signal) => resolve({ code, signal }));
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      if (stream) createInterface({ input: stream }).on('line', (text) => this.#keep(text));
    }
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Everything that it wrote since a moment (milliseconds since the epoch), one line each. */
  output(since = 0): string[] {
    return this.#lines.filter(({ at }) => at >= since).map(({ text }) => text);
  }

  /** Sends a signal and waits until the process is gone. */
  async end(signal: NodeJS.Signals): Promise<Exit> {
    if (this.isRunning) this.#child.kill(signal);
    return this.ended;
  }

  #keep(text: string): void {
    this.#lines.push({ at: Date.now(), text });
    if (this.#lines.length > keptLines) this.#lines.shift();
  }
}

/** Our own environment without anything that would configure a system or change how Node runs. */
export function cleanEnvironment(): NodeJS.ProcessEnv {
  const { NODE_OPTIONS: _options, NATS_URL: _nats, DATABASE_URL: _database, ...rest } = process.env;
  return Object.fromEntries(Object.entries(rest).filter(([name]) => !name.startsWith('HEADRACE_')));
}

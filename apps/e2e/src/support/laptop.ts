import { FakeReceiver, waitFor, type ReceivedRequest } from '@headrace/testing';
import { cleanEnvironment, Program, type Exit } from './child-process.js';

/** One line of `headrace listen --json`. */
interface ListenLine {
  readonly event: 'listening' | 'webhook' | 'lost' | 'ended';
  readonly session?: string;
  readonly secret?: string;
  readonly resumed?: boolean;
  readonly channel_id?: string;
  readonly status?: number;
  readonly code?: string;
}

/** A developer's machine: a local server, and `headrace listen` in a process of its own. */
export class Laptop {
  private constructor(
    readonly receiver: FakeReceiver,
    private readonly program: Program,
  ) {}

  /** Starts both; resolves when the session is on. */
  static async start(url: string, key: string, options: readonly string[] = []): Promise<Laptop> {
    const receiver = await FakeReceiver.start();
    const environment = { ...cleanEnvironment(), HEADRACE_URL: url, HEADRACE_API_KEY: key };
    const args = ['listen', '--json', '--forward', `${receiver.url}/hook`, ...options];
    const laptop = new Laptop(receiver, new Program('cli', environment, args));
    await laptop.line(({ event }) => event === 'listening');
    return laptop;
  }

  /** What it printed so far. */
  get lines(): readonly ListenLine[] {
    return this.program
      .output()
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as ListenLine);
  }

  /** A line that fits, as soon as it is there. */
  async line(fits: (line: ListenLine) => boolean): Promise<ListenLine> {
    try {
      return await waitFor(() => this.lines.find(fits), { what: 'headrace listen says so' });
    } catch (error) {
      throw new Error(`headrace listen said something else:\n${this.program.output().join('\n')}`, { cause: error });
    }
  }

  /** The session's endpoint id and the secret that the server made. */
  get session(): { readonly id: string; readonly secret: string } {
    const { session = '', secret = '' } = this.lines.find(({ event }) => event === 'listening') ?? {};
    return { id: session, secret };
  }

  /** The next webhook of a request at the local server. */
  webhook(channel: string): Promise<ReceivedRequest> {
    return this.receiver.next((request) => request.headers['mr-channel-id'] === channel);
  }

  webhooksOf(channel: string): ReceivedRequest[] {
    return this.receiver.requests.filter((request) => request.headers['mr-channel-id'] === channel);
  }

  /** Presses Ctrl-C. */
  interrupt(): Promise<Exit> {
    return this.program.end('SIGINT');
  }

  async stop(): Promise<void> {
    await this.interrupt();
    await this.receiver.stop();
  }
}

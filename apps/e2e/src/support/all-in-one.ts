import { readFileSync, rmSync } from 'node:fs';
import { makeTestFolder, waitFor } from '@headrace/testing';
import { ApiClient } from './api-client.js';
import { cleanEnvironment, Program, type Exit } from './child-process.js';
import { freePorts } from './ports.js';
import { descendantsOf, type SeenProcess } from './processes.js';
import { readinessOf } from './system.js';

const readyLimitMs = 90_000;

/** What `npm start` runs, with its own NATS and Postgres as children, on a data folder that outlives it. */
export class AllInOne {
  /** With the key that the first start made. */
  api: ApiClient;
  /** All children that it ever had. */
  readonly children: SeenProcess[] = [];
  #program: Program | undefined;

  private constructor(
    private readonly folder: string,
    private readonly port: number,
    private readonly timeScale: number,
  ) {
    this.api = new ApiClient(`http://127.0.0.1:${port}`, '');
  }

  static async prepare(timeScale: number): Promise<AllInOne> {
    const [port = 0] = await freePorts(1);
    return new AllInOne(`${makeTestFolder()}/data`, port, timeScale);
  }

  /** The file that keeps the generated key. */
  get keyFile(): string {
    return `${this.folder}/api-key`;
  }

  /** Starts it and waits until it is ready and has said so. */
  async start(): Promise<void> {
    const program = new Program('headrace', {
      ...cleanEnvironment(),
      HEADRACE_PORT: String(this.port),
      HEADRACE_HOST: '127.0.0.1',
      HEADRACE_PUBLIC_URL: this.api.url,
      HEADRACE_DATA_DIR: this.folder,
      HEADRACE_TIME_SCALE: String(this.timeScale),
    });
    this.#program = program;
    const ended = program.ended.then(() => {
      throw new Error(`It ended instead of getting ready:\n${program.output().join('\n')}`);
    });
    const isReady = async () => (await readinessOf(this.api.url)) === 200 && this.output().includes('is ready at');
    const ready = waitFor(isReady, { timeoutMs: readyLimitMs, what: 'the system is ready' });
    await Promise.race([ready, ended]);
    this.api = new ApiClient(this.api.url, readFileSync(this.keyFile, 'utf8').trim());
    this.children.push(...descendantsOf(program.pid));
  }

  /** Sends a signal to the process alone, not to its children, and waits until it is gone. */
  async end(signal: NodeJS.Signals): Promise<Exit> {
    if (!this.#program) throw new Error('It does not run.');
    return this.#program.end(signal);
  }

  /** Ends one of its servers by `kill -9` and waits until the process has ended over it. */
  async loseServer(command: string): Promise<Exit> {
    const server = this.children.findLast((child) => child.command === command);
    if (!this.#program || !server) throw new Error(`No ${command} runs.`);
    process.kill(server.pid, 'SIGKILL');
    return this.#program.ended;
  }

  /** What it wrote since its last start. */
  output(): string {
    return this.#program?.output().join('\n') ?? '';
  }

  /** Ends it, should it still run, and removes its data. */
  async remove(): Promise<void> {
    await this.#program?.end('SIGINT');
    rmSync(this.folder, { recursive: true, force: true });
  }
}

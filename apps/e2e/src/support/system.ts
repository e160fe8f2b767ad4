import { rm } from 'node:fs/promises';
import {
  makeTestFolder,
  startNats,
  startPostgresDatabase,
  waitFor,
  type TestDatabase,
  type TestNats,
} from '@headrace/testing';
import { ApiClient } from './api-client.js';
import { cleanEnvironment, Program, type Exit } from './child-process.js';
import { freePorts } from './ports.js';

/** All services in one process, or the six services in six. */
export type Mode = 'one' | 'six';

/** The six services, each of which is an app. */
export const services = [
  'gateway',
  'ai-runner',
  'webhook-dispatcher',
  'callback-service',
  'realtime-hub',
  'timeout-watcher',
] as const;
export type Service = (typeof services)[number];
type App = Service | 'headrace';

export interface SystemOptions {
  readonly mode: Mode;
  /** Divides retry delays and callback windows. */
  readonly timeScale: number;
  readonly environment?: Record<string, string>;
  /** Instead of a database on the Postgres of the test run. */
  readonly database?: TestDatabase;
  /** Settings that follow from where NATS and the database are: a way round to them. */
  readonly detours?: (servers: { readonly nats: string; readonly database: string }) => Promise<Record<string, string>>;
}

const apiKey = 'mr_live_e2e_key_of_the_demo_project_0001';
/** What signs the tokens of channels. */
export const masterKey = 'a master key of tests, the same everywhere';
const adminToken = 'an-administrator-token-of-tests';
const shownLines = 40;
const shownColumns = 600;
const readyLimitMs = 60_000;

/** A running system with a NATS and a database of its own. Call `stop` in `afterAll`. */
export async function startSystem(options: SystemOptions): Promise<System> {
  const [nats, database] = await Promise.all([startNats(), options.database ?? startPostgresDatabase()]);
  const detours = await options.detours?.({ nats: nats.url, database: database.url });
  const environment = { ...options.environment, ...detours };
  const ports = await portsFor(options.mode);
  const system = new System({ ...options, environment }, nats, database, ports);
  try {
    await system.start();
    return system;
  } catch (error) {
    await system.stop();
    throw error;
  }
}

/** The processes of a system and how to reach, kill and restart them. */
export class System {
  readonly api: ApiClient;
  readonly #running = new Map<App, Program>();
  readonly #replicas = new Map<string, Program>();
  readonly #ended: Program[] = [];
  readonly #dataDirectory = makeTestFolder();

  constructor(
    private readonly options: SystemOptions,
    readonly nats: TestNats,
    private readonly database: TestDatabase,
    private readonly ports: ReadonlyMap<App, Ports>,
  ) {
    this.api = new ApiClient(this.urlOf('gateway'), apiKey);
  }

  get mode(): Mode {
    return this.options.mode;
  }

  /** Asks with the administrator's token. */
  get administrator(): ApiClient {
    return new ApiClient(this.api.url, adminToken);
  }

  /** Makes another project and gives its key. */
  async newProjectKey(name: string): Promise<string> {
    const project = await this.administrator.must<{ api_key: { key: string } }>('POST', '/v1/projects', { name });
    return project.api_key.key;
  }

  /** Where a service listens. */
  urlOf(service: Service): string {
    return `http://127.0.0.1:${this.ports.get(this.#appOf(service))?.api}`;
  }

  /** Where the process that runs a service serves its metrics. */
  metricsUrlOf(service: Service): string {
    return `http://127.0.0.1:${this.ports.get(this.#appOf(service))?.metrics}/metrics`;
  }

  /** Starts what does not run and waits until everything is ready. */
  async start(): Promise<void> {
    const ready = [...this.ports].map(([app, { api }]) => {
      const program = this.#running.get(app) ?? new Program(app, this.#environmentOf(app));
      this.#running.set(app, program);
      return becomesReady(program, api);
    });
    await Promise.all(ready);
  }

  /** Starts everything again that a test has left dead or frozen. */
  async restore(): Promise<void> {
    try {
      process.kill(this.nats.pid, 'SIGCONT');
    } catch {
      await this.nats.restart();
    }
    for (const [app, program] of this.#running) if (!program.isRunning) this.#running.delete(app);
    await this.start();
  }

  /** Ends the process that runs a service: `kill -9`, unless another signal is given. */
  async kill(service: Service, signal: NodeJS.Signals = 'SIGKILL'): Promise<Exit> {
    const app = this.#appOf(service);
    const program = this.#running.get(app);
    if (!program) throw new Error(`${app} does not run.`);
    this.#running.delete(app);
    this.#ended.push(program);
    return program.end(signal);
  }

  /**
   * Starts another process beside the one that runs a service, with settings of its own; it goes with the system.
   * Resolves to its address.
   */
  async addReplica(service: Service, environment: Record<string, string> = {}): Promise<string> {
    const app = this.#appOf(service);
    const [port = 0] = await freePorts(1);
    const replica = new Program(app, {
      ...this.#environmentOf(app),
      HEADRACE_PORT: String(port),
      HEADRACE_METRICS_PORT: '0',
      ...environment,
    });
    const url = `http://127.0.0.1:${port}`;
    this.#replicas.set(url, replica);
    await becomesReady(replica, port);
    return url;
  }

  /** Sends a signal to the process that was added under an address. Resolves when it is gone. */
  async endReplica(url: string, signal: NodeJS.Signals): Promise<Exit> {
    const replica = this.#replicas.get(url);
    if (!replica) throw new Error(`Nothing was added at ${url}.`);
    return replica.end(signal);
  }

  /** Ends the added processes: `kill -9`. */
  async killReplicas(): Promise<void> {
    await Promise.all([...this.#replicas.values()].map((replica) => replica.end('SIGKILL')));
  }

  /** The status of a service's `GET /health/ready`; undefined when nothing answers. */
  async readiness(service: Service): Promise<number | undefined> {
    return readinessOf(this.urlOf(service));
  }

  /** What all processes wrote since a moment, to be shown when a test fails. */
  output(since: number): string {
    return [...this.#ended, ...this.#running.values(), ...this.#replicas.values()]
      .flatMap((program) => program.output(since).map((line) => `${program.app} | ${line}`))
      .slice(-shownLines)
      .map((line) => line.slice(0, shownColumns))
      .join('\n');
  }

  /** Stops everything and removes its data. */
  async stop(): Promise<void> {
    const programs = [...this.#running.values(), ...this.#replicas.values()];
    await Promise.all(programs.map((program) => program.end('SIGTERM')));
    await Promise.all([this.nats.stop(), this.database.drop()]);
    await rm(this.#dataDirectory, { recursive: true, force: true });
  }

  #appOf(service: Service): App {
    return this.mode === 'one' ? 'headrace' : service;
  }

  #environmentOf(app: App): NodeJS.ProcessEnv {
    return {
      ...cleanEnvironment(),
      HEADRACE_DATA_DIR: this.#dataDirectory,
      HEADRACE_HOST: '127.0.0.1',
      HEADRACE_PORT: String(this.ports.get(app)?.api),
      HEADRACE_METRICS_PORT: String(this.ports.get(app)?.metrics),
      NATS_URL: this.nats.url,
      DATABASE_URL: this.database.url,
      HEADRACE_MASTER_KEY: masterKey,
      HEADRACE_PUBLIC_URL: this.urlOf('gateway'),
      HEADRACE_CALLBACK_URL: this.urlOf('callback-service'),
      HEADRACE_WEBSOCKET_URL: this.urlOf('realtime-hub').replace('http', 'ws'),
      HEADRACE_ALLOW_LOOPBACK: 'true',
      HEADRACE_TIME_SCALE: String(this.options.timeScale),
      HEADRACE_DEMO: 'true',
      HEADRACE_API_KEY: apiKey,
      HEADRACE_ADMIN_TOKEN: adminToken,
      HEADRACE_NATS_TIMEOUT_MS: '1000',
      ...this.options.environment,
    };
  }
}

async function becomesReady(program: Program, port: number): Promise<void> {
  const isReady = async () => (await readinessOf(`http://127.0.0.1:${port}`)) === 200;
  const ready = waitFor(isReady, { timeoutMs: readyLimitMs, what: `${program.app} is ready` }).catch(
    (error: unknown) => {
      throw new Error(`${program.app} did not become ready:\n${program.output().join('\n')}`, { cause: error });
    },
  );
  const ended = program.ended.then(({ code, signal }) => {
    throw new Error(`${program.app} ended with ${code ?? signal}:\n${program.output().join('\n')}`);
  });
  await Promise.race([ready, ended]);
}

interface Ports {
  readonly api: number;
  readonly metrics: number;
}

async function portsFor(mode: Mode): Promise<Map<App, Ports>> {
  const apps: readonly App[] = mode === 'one' ? ['headrace'] : services;
  const ports = await freePorts(2 * apps.length);
  return new Map(apps.map((app, index) => [app, { api: ports[2 * index] ?? 0, metrics: ports[2 * index + 1] ?? 0 }]));
}

/** The status of `GET /health/ready`; undefined when nothing answers. */
export async function readinessOf(url: string): Promise<number | undefined> {
  try {
    const response = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(5_000) });
    await response.arrayBuffer();
    return response.status;
  } catch {
    return undefined;
  }
}

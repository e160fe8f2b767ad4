import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startEmbeddedNats, startEmbeddedPostgres, type EmbeddedServer } from '@headrace/embedded-servers';
import { childrenOf, type ProcessGroup } from './proc.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** Where profiles of `--cpu-prof` go. */
export const profileFolder = join(root, 'bench/results/profiles');
const readyLimitMs = 60_000;

/** As docker-compose.yml starts the realtime hub. */
export const hubHeap = '--max-semi-space-size=16';

/** The master key of every system that a bench starts. */
export const benchMasterKey = 'a master key of benches, the same everywhere';

/** All services in one process, or the six services in six. */
export type Mode = 'one' | 'six';

const services = [
  'gateway',
  'ai-runner',
  'webhook-dispatcher',
  'callback-service',
  'realtime-hub',
  'timeout-watcher',
] as const;

/** One of the six. */
export type Service = (typeof services)[number];

export interface SystemOptions {
  readonly mode: Mode;
  /** Writes a CPU profile of each process of ours when it ends. */
  readonly cpuProfile: boolean;
  /** Which of the six run, in mode `six`; all of them if nothing is said. */
  readonly only?: readonly Service[];
  /** Data of an earlier start; a new folder when there is none. */
  readonly folder?: string;
}

/** A system that runs for a bench, with real servers, on a data folder of its own. */
export class BenchSystem {
  readonly url: string;
  readonly apiKey = 'mr_live_bench_key_of_the_demo_project_001';
  readonly #adminToken = 'the-admin-token-of-the-bench';
  readonly folder: string;
  readonly #options: SystemOptions;
  readonly #ports: ReadonlyMap<string, number>;
  readonly #children = new Map<string, ChildProcess>();
  readonly #servers = new Map<string, EmbeddedServer>();

  private constructor(options: SystemOptions, ports: ReadonlyMap<string, number>) {
    this.#options = options;
    this.#ports = ports;
    this.folder = options.folder ?? newFolder();
    const first = options.mode === 'one' ? 'headrace' : (options.only?.[0] ?? 'gateway');
    this.url = `http://127.0.0.1:${ports.get(first)}`;
  }

  /** Starts everything and resolves when it is ready. */
  static async start(options: SystemOptions): Promise<BenchSystem> {
    const system = new BenchSystem(
      options,
      await portsFor(options.mode === 'one' ? ['headrace'] : (options.only ?? services)),
    );
    try {
      const servers = options.mode === 'six' ? await system.#startServers() : {};
      for (const app of system.#ports.keys()) system.#startApp(app, servers);
      await Promise.all([...system.#ports].map(([app, port]) => system.#ready(app, port)));
      return system;
    } catch (error) {
      await system.stop();
      throw error;
    }
  }

  /** Where NATS listens, in mode `six`. */
  get natsUrl(): string {
    return this.#servers.get('nats-server')?.url ?? '';
  }

  /** Every process, under the names of the report. */
  groups(): ProcessGroup[] {
    const apps = [...this.#children].map(([name, { pid = 0 }]) => ({ name, pid }));
    if (this.#options.mode === 'six') {
      const servers = [...this.#servers].map(([name, { pid }]) => ({ name, pids: [pid] }));
      return [...apps.map(({ name, pid }) => ({ name, pids: [pid] })), ...servers];
    }
    // The servers are children of the one process, and counted apart from it.
    const children = apps.flatMap(({ pid }) => childrenOf(pid));
    return [
      ...apps.map(({ name, pid }) => ({ name, pids: [pid], without: children.map((child) => child.pid) })),
      ...children.map(({ pid, command }) => ({ name: command, pids: [pid] })),
    ];
  }

  /** Makes a call to the API and throws unless it is answered with 2xx. */
  async call<Answer>(method: string, path: string, body?: object, token = this.apiKey): Promise<Answer> {
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: body && JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as Answer;
  }

  /** The same as the administrator, who may make projects. */
  administer<Answer>(method: string, path: string, body?: object): Promise<Answer> {
    return this.call(method, path, body, this.#adminToken);
  }

  /** Stops everything as Ctrl-C does. The data stays when the folder was given, or is to be used again. */
  async stop({ keepData = false } = {}): Promise<void> {
    const ended = [...this.#children.values()]
      .filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null)
      .map((child) => {
        child.kill('SIGINT');
        return once(child, 'exit');
      });
    await Promise.all(ended);
    for (const server of this.#servers.values()) await server.stop();
    if (!keepData) rmSync(this.folder, { recursive: true, force: true });
  }

  async #startServers(): Promise<Record<string, string>> {
    const options = { dataDir: this.folder, log: () => undefined };
    const [nats, postgres] = await Promise.all([startEmbeddedNats(options), startEmbeddedPostgres(options)]);
    this.#servers.set('nats-server', nats).set('postgres', postgres);
    return { NATS_URL: nats.url, DATABASE_URL: postgres.url };
  }

  #startApp(app: string, servers: Record<string, string>): void {
    const profile = this.#options.cpuProfile ? ['--cpu-prof', `--cpu-prof-dir=${profileFolder}`] : [];
    // To a file, as a service manager would: reading it would cost the bench what it measures.
    const log = openSync(join(this.folder, `${app}.log`), 'a');
    const environment = { ...process.env, ...this.#settings(app), ...servers };
    const flags = app === 'realtime-hub' ? [hubHeap] : [];
    const main = `${root}apps/${app}/dist/main.js`;
    const child = spawn(process.execPath, ['--enable-source-maps', ...flags, ...profile, main], {
      cwd: root,
      env: environment,
      stdio: ['ignore', log, log],
    });
    this.#children.set(app, child);
  }

  #settings(app: string): Record<string, string> {
    const base = (service: string) => `127.0.0.1:${this.#ports.get(service) ?? this.#ports.get('headrace') ?? 9}`;
    return {
      HEADRACE_DATA_DIR: this.folder,
      HEADRACE_HOST: '127.0.0.1',
      HEADRACE_PORT: String(this.#ports.get(app)),
      HEADRACE_PUBLIC_URL: `http://${base('gateway')}`,
      HEADRACE_CALLBACK_URL: `http://${base('callback-service')}`,
      HEADRACE_WEBSOCKET_URL: `ws://${base('realtime-hub')}`,
      HEADRACE_MASTER_KEY: benchMasterKey,
      HEADRACE_API_KEY: this.apiKey,
      HEADRACE_ADMIN_TOKEN: this.#adminToken,
      HEADRACE_DEMO: 'true',
      HEADRACE_ALLOW_LOOPBACK: 'true',
    };
  }

  async #ready(app: string, port: number): Promise<void> {
    const giveUpAt = performance.now() + readyLimitMs;
    while (!(await isReady(`http://127.0.0.1:${port}`))) {
      const ended = this.#children.get(app)?.exitCode !== null;
      if (ended || performance.now() > giveUpAt)
        throw new Error(
          `${app} did not get ready:\n${readFileSync(join(this.folder, `${app}.log`), 'utf8').slice(-2_000)}`,
        );
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
}

/** A folder for data that Postgres can enter when it runs as another user. */
export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'headrace-bench-'));
  chmodSync(folder, 0o755);
  mkdirSync(profileFolder, { recursive: true });
  return folder;
}

async function isReady(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(2_000) })).ok;
  } catch {
    return false;
  }
}

async function portsFor(apps: readonly string[]): Promise<Map<string, number>> {
  const servers = apps.map(() => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return new Map(apps.map((app, index) => [app, ports[index] ?? 0]));
}

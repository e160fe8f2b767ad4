import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { HeadraceSettings, loadSettings } from '@headrace/config';
import { describeStartupFailure } from '@headrace/runtime';
import { apiKeyFile } from './data-directory.js';
import { playDemo } from './play-demo.js';
import { HeadraceAppSettings } from './headrace-app.settings.js';
import { startHeadrace } from './start-headrace.js';

type Environment = Readonly<Record<string, string | undefined>>;

const probeLimitMs = 1_000;

/** `npm run demo`: plays the event-driven flow on the running system, or on one of its own when none runs. */
export async function runDemo(environment: Environment): Promise<void> {
  try {
    const system = (await runningSystem(environment)) ?? (await systemOfItsOwn(environment));
    try {
      await playDemo(system.url, system.apiKey, (line) => console.log(line));
    } finally {
      await system.stop();
    }
    process.exit(0);
  } catch (error) {
    process.stderr.write(`${describeStartupFailure(error)}\n`);
    process.exit(1);
  }
}

interface DemoSystem {
  readonly url: string;
  readonly apiKey: string;
  stop(): Promise<void>;
}

/** The system that `npm start` runs in another terminal, when its key can be read. */
async function runningSystem(environment: Environment): Promise<DemoSystem | undefined> {
  const settings = loadSettings([HeadraceSettings, HeadraceAppSettings], environment);
  const keyFile = apiKeyFile(settings.get(HeadraceAppSettings).dataDirectory);
  const apiKey =
    environment['HEADRACE_API_KEY'] ?? (existsSync(keyFile) ? readFileSync(keyFile, 'utf8').trim() : undefined);
  if (!apiKey) return undefined;
  const url = `http://127.0.0.1:${settings.get(HeadraceSettings).port}`;
  try {
    const ready = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(probeLimitMs) });
    if (!ready.ok) return undefined;
  } catch {
    return undefined;
  }
  console.log(`Using the system that runs at ${url}.\n`);
  return { url, apiKey, stop: () => Promise.resolve() };
}

/** A system on a free port whose data goes with it. */
async function systemOfItsOwn(environment: Environment): Promise<DemoSystem> {
  const directory = mkdtempSync(path.join(tmpdir(), 'headrace-demo-'));
  console.log('No running system found: starting one for this demo.\n');
  const headrace = await startHeadrace(
    {
      ...environment,
      HEADRACE_DATA_DIR: directory,
      HEADRACE_HOST: '127.0.0.1',
      HEADRACE_PORT: String(await freePort()),
      HEADRACE_PUBLIC_URL: undefined,
      HEADRACE_LOG_LEVEL: environment['HEADRACE_LOG_LEVEL'] ?? 'warn',
    },
    () => undefined,
  );
  return {
    url: headrace.url,
    apiKey: headrace.data.apiKey.value,
    stop: async () => {
      await headrace.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const { createServer } = await import('node:net');
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

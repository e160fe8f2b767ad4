import { HeadraceSettings, loadSettings, type LoadedSettings } from '@headrace/config';
import { startEmbeddedNats, startEmbeddedPostgres, type EmbeddedServer } from '@headrace/embedded-servers';
import { PostgresSettings } from '@headrace/postgres';
import { pickServices, runUntilStopped, settingsOf, startServices, type ServiceDefinition } from '@headrace/runtime';
import { gatewayService } from '@headrace/gateway';
import { allServices } from './all-services.js';
import { banner } from './banner.js';
import { requireFreePort } from './require-free-port.js';
import { openDataDirectory, type DataDirectory } from './data-directory.js';
import { demoBackendFor } from './demo-endpoint.js';
import { HeadraceAppSettings } from './headrace-app.settings.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** What `npm start` runs: everything, until a signal comes; prints the banner, or one sentence about what is wrong. */
export async function runHeadrace(environment: Environment, argv: readonly string[]): Promise<void> {
  const started = performance.now();
  const backend = argv.includes('--demo-backend') ? { HEADRACE_DEMO_BACKEND: 'true' } : {};
  await runUntilStopped(async () => {
    const headrace = await startHeadrace({ ...environment, ...backend }, (sentence) => console.log(sentence));
    console.log(banner({ ...headrace.facts, startedInMs: performance.now() - started }));
    return headrace;
  });
}

/**
 * Starts all services in this process, with embedded servers for those that the environment names none of.
 * Everything that was started is stopped again when a later part fails.
 */
export async function startHeadrace(environment: Environment, say: (sentence: string) => void) {
  const services = pickServices(allServices, environment['HEADRACE_SERVICES']);
  // All variables are checked before anything is started, so that one message names every bad one.
  const settings = loadSettings([...settingsOf(services), HeadraceAppSettings], environment, settingsOf(allServices));
  for (const name of settings.unknown) say(`${name} is set, but no part of Headrace knows it. Is it misspelt?`);
  const started: { stop(): Promise<void> }[] = [];
  let stopping = false;
  const stop = async () => {
    stopping = true;
    for (const part of started.reverse()) await part.stop();
  };
  try {
    return { ...(await startParts(services, settings, environment, say, started, () => stopping)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startParts(
  services: readonly ServiceDefinition[],
  settings: LoadedSettings,
  environment: Environment,
  say: (sentence: string) => void,
  started: { stop(): Promise<void> }[],
  isStopping: () => boolean,
) {
  await requireFreePort(settings.get(HeadraceSettings));
  const app = settings.get(HeadraceAppSettings);
  const data = openDataDirectory(app.dataDirectory, {
    masterKey: environment['HEADRACE_MASTER_KEY'],
    apiKey: environment['HEADRACE_API_KEY'],
  });
  const servers = await embeddedServers(settings, services, data, say);
  started.push(...servers.running);
  for (const server of servers.running) void server.ended.then(() => isStopping() || stopAfterLoss(data));
  const running = await startServices('headrace', services, {
    ...environment,
    ...servers.urls,
    HEADRACE_MASTER_KEY: data.masterKey,
    HEADRACE_API_KEY: data.apiKey.value,
    // A terminal is for the banner and for what goes wrong.
    HEADRACE_LOG_LEVEL: environment['HEADRACE_LOG_LEVEL'] ?? 'warn',
    HEADRACE_DEMO: environment['HEADRACE_DEMO'] ?? 'true',
    HEADRACE_ALLOW_LOOPBACK: environment['HEADRACE_ALLOW_LOOPBACK'] ?? 'true',
  });
  started.push(running);
  const hasDemo = services.includes(gatewayService) && environment['HEADRACE_DEMO'] !== 'false';
  const backend = hasDemo ? await demoBackendFor(app, running.url, data.apiKey.value, say) : undefined;
  if (backend) started.push(backend);
  const { publicBase } = settings.get(HeadraceSettings);
  return {
    url: publicBase,
    data,
    facts: {
      publicUrl: publicBase,
      dataDirectory: app.dataDirectory,
      newApiKey: data.apiKey.isNew ? data.apiKey.value : undefined,
      allowsLoopback: (environment['HEADRACE_ALLOW_LOOPBACK'] ?? 'true') === 'true',
      keepsApiKey: environment['HEADRACE_API_KEY'] === undefined,
      demoBackendUrl: app.demoBackend ? backend?.url : undefined,
    },
  };
}

async function embeddedServers(
  settings: LoadedSettings,
  services: readonly ServiceDefinition[],
  data: DataDirectory,
  log: (sentence: string) => void,
): Promise<{ running: EmbeddedServer[]; urls: Record<string, string> }> {
  const options = { dataDir: data.path, log };
  const needsPostgres = services.some((service) => service.needsPostgres);
  const wantsNats = settings.get(HeadraceSettings).natsUrl === undefined;
  const wantsPostgres = needsPostgres && settings.get(PostgresSettings).databaseUrl === undefined;
  const starting = await Promise.allSettled([
    wantsNats ? startEmbeddedNats(options) : undefined,
    wantsPostgres ? startEmbeddedPostgres(options) : undefined,
  ]);
  const running = starting.flatMap((result) => (result.status === 'fulfilled' && result.value ? [result.value] : []));
  const failed = starting.find((result) => result.status === 'rejected');
  if (failed) {
    await Promise.all(running.map((server) => server.stop()));
    throw failed.reason;
  }
  const [nats, postgres] = starting.map((result) => (result.status === 'fulfilled' ? result.value : undefined));
  return {
    running,
    urls: { ...(nats ? { NATS_URL: nats.url } : {}), ...(postgres ? { DATABASE_URL: postgres.url } : {}) },
  };
}

/** Ends this process as Ctrl-C does: without one of its servers it serves nobody, and the next start mends it. */
function stopAfterLoss(data: DataDirectory): void {
  process.stderr.write(
    `A server that Headrace had started ended by itself; its output is under ${data.path}. Headrace stops. ` +
      'Start it again: what was accepted is kept.\n',
  );
  process.kill(process.pid, 'SIGTERM');
}

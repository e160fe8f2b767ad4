import { readFileSync, rmSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { EmbeddedServerError } from '../embedded-server.error.js';
import type { EmbeddedServer, EmbeddedServerOptions } from '../embedded-server.js';
import { ServerDidNotStart, startChildServer } from '../server/child-server.js';
import { diskFull, prepareDataFolder } from '../server/data-folder.js';
import { choosePort, portTaken } from '../server/port-choice.js';
import { runCommand } from '../server/run-command.js';
import { ourselves, stopOnce, writeRecord } from '../server/server-record.js';
import { takeOver } from '../server/take-over.js';
import { makeClusterHome } from './cluster-home.js';
import { createDatabase } from './create-database.js';
import { initialiseCluster, postgresEnvironment, postgresRole } from './initialise-cluster.js';
import { clusterPassword } from './password.js';
import { findPostgres, type PostgresBinaries } from './postgres-binaries.js';
import { postgresOnDisk, type PostgresOnDisk } from './postgres-on-disk.js';
import { postgresSettings } from './postgres-settings.js';
import { postgresUser } from './postgres-user.js';

/** Options of the embedded Postgres. */
export interface EmbeddedPostgresOptions extends EmbeddedServerOptions {
  /** Server settings beside or instead of ours (`{ fsync: 'off' }` for tests). */
  readonly settings?: Readonly<Record<string, string>>;
}

/** A running embedded Postgres; `url` names its database `headrace`, with the password. */
export type EmbeddedPostgres = EmbeddedServer;

const attempts = 40;

/** All that a start needs to know. */
interface Startable {
  readonly disk: PostgresOnDisk;
  readonly binaries: PostgresBinaries;
  readonly userId: number | undefined;
  readonly settings: Readonly<Record<string, string>> | undefined;
}

/**
 * Starts a Postgres whose data lives in `<dataDir>/postgres`, made at the first start. One that an earlier process
 * left running there is stopped first. As root it runs as `nobody`. Error: `EmbeddedServerError`.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { dataDir, log, settings } = options;
  const userId = postgresUser();
  const { folder } = postgresOnDisk(dataDir);
  prepareDataFolder(folder);
  const binaries = findPostgres(userId, log);
  makeClusterHome(folder, userId, log);
  const disk = postgresOnDisk(dataDir);
  const record = await takeOver(disk, log);
  const password = clusterPassword(folder);
  await initialiseCluster(binaries, { ...disk, password, userId });
  const { server, port } = await start({ disk, binaries, userId, settings }, options.port, record?.port);
  const address = `postgres://${postgresRole}:${password}@127.0.0.1:${port}`;
  await createDatabase(address, postgresRole, folder);
  const stop = stopOnce(folder, port, server.stop);
  return { url: `${address}/${postgresRole}`, port, pid: server.pid, ended: server.ended, stop };
}

async function start(startable: Startable, wanted: number | undefined, remembered: number | undefined) {
  for (let attempt = 1; ; attempt++) {
    const port = await choosePort(startable.disk.name, wanted, remembered);
    try {
      return { port, server: await startOn(port, startable) };
    } catch (error) {
      if (!(error instanceof ServerDidNotStart)) throw error;
      if (attempt === attempts || !isPassing(error.output, wanted)) throw problemOf(error, startable.disk, port);
      await delay(250);
    }
  }
}

async function startOn(port: number, { disk, binaries, userId, settings }: Startable) {
  const { name, folder, cluster, pidFile, logFile, stopSignal } = disk;
  writeRecord(folder, { port, owner: ourselves() });
  // No server runs here any more, but its number may by now be another program's, which Postgres would take for it.
  rmSync(pidFile, { force: true });
  return startChildServer({
    name,
    command: binaries.postgres,
    args: ['-D', cluster, ...postgresSettings(port, settings)],
    env: postgresEnvironment(cluster),
    cwd: cluster,
    userId,
    logFile,
    stopSignal,
    stopCommand: async () => {
      await runCommand(binaries.pgCtl, ['stop', '-D', cluster, '-m', 'fast'], { limitMs: 15_000 });
    },
    isReady: async (pid) => saysReady(pidFile, pid),
  });
}

/** Postgres writes its state into line 8 of its pid file, where pg_ctl reads it too. */
function saysReady(pidFile: string, pid: number): boolean {
  try {
    const lines = readFileSync(pidFile, 'utf8').split('\n');
    return Number(lines[0]) === pid && lines[7]?.trim() === 'ready';
  } catch {
    return false;
  }
}

/** What may be over in a moment: a port lost to another program, helpers of a killed server that still end. */
function isPassing(output: string, wantedPort: number | undefined): boolean {
  if (output.includes('pre-existing shared memory block')) return true;
  return isPortTaken(output) && wantedPort === undefined;
}

function isPortTaken(output: string): boolean {
  return output.includes('could not bind') && output.includes('Address already in use');
}

function problemOf(error: ServerDidNotStart, { name, folder, logFile }: PostgresOnDisk, port: number) {
  if (isPortTaken(error.output)) return portTaken(name, port);
  if (error.output.includes('No space left on device')) return diskFull(folder, error);
  const reason = /(?:FATAL|PANIC): +(.*)/.exec(error.output)?.[1] ?? 'it wrote no reason';
  return new EmbeddedServerError('start_failed', `Postgres did not start: ${reason} (all of its output: ${logFile}).`, {
    cause: error,
  });
}

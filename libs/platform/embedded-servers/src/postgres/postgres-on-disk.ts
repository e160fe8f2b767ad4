import { existsSync, realpathSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { ServerOnDisk } from '../server/take-over.js';

/** The embedded Postgres's files in a data folder. */
export interface PostgresOnDisk extends ServerOnDisk {
  /** What the server's user must be able to enter; may lie elsewhere, see `clusterHome`. */
  readonly home: string;
  readonly cluster: string;
  readonly logFile: string;
}

/** Where the embedded Postgres of a data folder keeps its files. */
export function postgresOnDisk(dataDir: string): PostgresOnDisk {
  const folder = join(resolve(dataDir), 'postgres');
  const link = join(folder, 'data');
  const home = existsSync(link) ? realpathSync(link) : link;
  const cluster = join(home, 'cluster');
  return {
    name: 'Postgres',
    folder,
    home,
    cluster,
    mark: cluster,
    pidFile: join(cluster, 'postmaster.pid'),
    logFile: join(folder, 'postgres.log'),
    // Fast shutdown: open transactions are rolled back, the data is left consistent.
    stopSignal: 'SIGINT',
  };
}

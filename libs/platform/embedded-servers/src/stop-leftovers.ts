import type { Log } from './embedded-server.js';
import { natsOnDisk } from './nats/nats-on-disk.js';
import { postgresOnDisk } from './postgres/postgres-on-disk.js';
import { stopIfAbandoned } from './server/take-over.js';

/** Stops the servers of a data folder whose owner died. Resolves to whether the folder had such an owner. */
export async function stopLeftovers(dataDir: string, log: Log): Promise<boolean> {
  const nats = await stopIfAbandoned(natsOnDisk(dataDir), log);
  const postgres = await stopIfAbandoned(postgresOnDisk(dataDir), log);
  return nats || postgres;
}

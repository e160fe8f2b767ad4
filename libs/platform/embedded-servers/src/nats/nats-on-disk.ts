import { join, resolve } from 'node:path';
import type { ServerOnDisk } from '../server/take-over.js';

/** The embedded nats-server's files in a data folder. */
export interface NatsOnDisk extends ServerOnDisk {
  readonly configFile: string;
  readonly storeDir: string;
  readonly logFile: string;
}

/** Where the embedded nats-server of a data folder keeps its files. */
export function natsOnDisk(dataDir: string): NatsOnDisk {
  const folder = join(resolve(dataDir), 'nats');
  const configFile = join(folder, 'nats.conf');
  return {
    name: 'NATS',
    folder,
    configFile,
    mark: configFile,
    pidFile: join(folder, 'nats.pid'),
    storeDir: join(folder, 'store'),
    logFile: join(folder, 'nats.log'),
    stopSignal: 'SIGTERM',
  };
}

import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { EmbeddedServerError } from '../embedded-server.error.js';
import type { EmbeddedServer, EmbeddedServerOptions } from '../embedded-server.js';
import { ServerDidNotStart, startChildServer } from '../server/child-server.js';
import { diskFull, prepareDataFolder, translating } from '../server/data-folder.js';
import { choosePort, portTaken } from '../server/port-choice.js';
import { ourselves, stopOnce, writeRecord } from '../server/server-record.js';
import { takeOver } from '../server/take-over.js';
import { natsConfig } from './nats-config.js';
import { natsOnDisk, type NatsOnDisk } from './nats-on-disk.js';
import { obtainNatsServer } from './obtain-nats-server.js';

/** Options of the embedded nats-server. */
export interface EmbeddedNatsOptions extends EmbeddedServerOptions {
  /** The nats-server to run; left out, it is looked for and obtained. */
  readonly binary?: string;
  /** See `sync_interval` of nats-server: when stored messages are forced to disk. */
  readonly syncInterval?: string;
  /** See `max_pending` of nats-server: how far a client may be behind before it is cut off. */
  readonly maxPendingBytes?: number;
}

/** What an operator may want otherwise. */
type Tuning = Pick<EmbeddedNatsOptions, 'syncInterval' | 'maxPendingBytes'>;

/** A running embedded nats-server. */
export interface EmbeddedNats extends EmbeddedServer {
  /** Ends the process as `kill -9` would. */
  kill(): Promise<void>;
}

/** Attempts with another port when a chosen one is taken between the choice and the start. */
const portAttempts = 3;

/**
 * Starts a nats-server with JetStream whose data lives in `<dataDir>/nats`. One that an earlier process left
 * running there is stopped first. Error: `EmbeddedServerError`.
 */
export async function startEmbeddedNats(options: EmbeddedNatsOptions): Promise<EmbeddedNats> {
  const disk = natsOnDisk(options.dataDir);
  prepareDataFolder(disk.folder);
  const record = await takeOver(disk, options.log);
  const binary = options.binary ?? (await obtainNatsServer({ log: options.log })).path;
  for (let attempt = 1; ; attempt++) {
    const port = await choosePort(disk.name, options.port, record?.port);
    try {
      return await startOn(port, disk, binary, options);
    } catch (error) {
      if (!(error instanceof ServerDidNotStart)) throw error;
      const mayBeFreeElsewhere = isPortTaken(error) && options.port === undefined;
      if (!mayBeFreeElsewhere || attempt === portAttempts) throw problemOf(error, disk, port);
    }
  }
}

async function startOn(port: number, disk: NatsOnDisk, binary: string, tuning: Tuning): Promise<EmbeddedNats> {
  const { name, folder, configFile, storeDir, pidFile, logFile, stopSignal } = disk;
  const serverName = `headrace-${randomUUID()}`;
  const { syncInterval, maxPendingBytes } = tuning;
  const config = natsConfig({ serverName, port, storeDir, pidFile, syncInterval, maxPendingBytes });
  translating(folder, () => writeFileSync(configFile, config));
  writeRecord(folder, { port, owner: ourselves() });
  const server = await startChildServer({
    name,
    command: binary,
    args: ['-c', configFile],
    env: process.env,
    cwd: folder,
    logFile,
    stopSignal,
    isReady: () => greets(port, serverName),
  });
  const stop = stopOnce(folder, port, server.stop);
  return { url: `nats://127.0.0.1:${port}`, port, pid: server.pid, ended: server.ended, stop, kill: server.kill };
}

/** Whether our server answers with its INFO line, which it sends only once JetStream is up. */
function greets(port: number, serverName: string): Promise<boolean> {
  return new Promise((answer) => {
    const socket = connect({ port, host: '127.0.0.1' });
    const end = (greeted: boolean) => {
      socket.destroy();
      answer(greeted);
    };
    socket.setTimeout(1_000, () => end(false));
    socket.once('error', () => end(false));
    socket.once('data', (data) => end(data.toString('latin1').includes(serverName)));
  });
}

function isPortTaken(error: ServerDidNotStart): boolean {
  return error.output.includes('address already in use');
}

function problemOf(error: ServerDidNotStart, { name, folder, logFile }: NatsOnDisk, port: number): EmbeddedServerError {
  if (isPortTaken(error)) return portTaken(name, port);
  if (error.output.includes('no space left on device')) return diskFull(folder, error);
  const reason = /\[FTL\] (.*)|^nats-server: (.*)$/m.exec(error.output);
  return new EmbeddedServerError(
    'start_failed',
    `NATS did not start: ${reason?.[1] ?? reason?.[2] ?? 'it wrote no reason'} (all of its output: ${logFile}).`,
    { cause: error },
  );
}

import type { Log } from '../embedded-server.js';
import { serverOfPidFile, stopOrphan } from './orphan.js';
import { isAlive } from './process-identity.js';
import { readRecord, refuseIfInUse, type ServerRecord } from './server-record.js';

/** A server as it is known by its files, whether it runs or not. */
export interface ServerOnDisk {
  readonly name: string;
  /** Holds the record of who runs it. */
  readonly folder: string;
  /** Written by the server itself. */
  readonly pidFile: string;
  /** A path that stands in its command line. */
  readonly mark: string;
  readonly stopSignal: NodeJS.Signals;
}

/**
 * Makes a server's folder ours: refuses it when it is in use, stops the server there when its owner died, and
 * returns the record of the last start. Error: `data_dir_in_use`.
 */
export async function takeOver(server: ServerOnDisk, log: Log): Promise<ServerRecord | undefined> {
  const record = readRecord(server.folder);
  const left = serverOfPidFile(server.pidFile, server.mark);
  refuseIfInUse(server.folder, record?.owner, left);
  if (left !== undefined) await stopOrphan(server.name, left, server.stopSignal, log);
  return record;
}

/** Stops a server whose owner died. Resolves to false where there is none, or its owner lives. */
export async function stopIfAbandoned(server: ServerOnDisk, log: Log): Promise<boolean> {
  const owner = readRecord(server.folder)?.owner;
  if (!owner || isAlive(owner)) return false;
  await takeOver(server, log);
  return true;
}

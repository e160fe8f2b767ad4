import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EmbeddedServerError } from '../embedded-server.error.js';
import { translating } from './data-folder.js';
import { identityOf, isAlive, type ProcessIdentity } from './process-identity.js';

/**
 * What is written beside a server's data: its port and the process it works for. It outlives a hard kill, so that
 * the next start can tell a server that is in use from one whose owner died.
 */
export interface ServerRecord {
  readonly port: number;
  /** Undefined once the server was stopped cleanly. */
  readonly owner?: ProcessIdentity;
}

const fileOf = (folder: string): string => join(folder, 'server.json');

/** The record of the last start; undefined when there is none or it cannot be read. */
export function readRecord(folder: string): ServerRecord | undefined {
  try {
    const record = JSON.parse(readFileSync(fileOf(folder), 'utf8')) as ServerRecord;
    return Number.isInteger(record.port) ? record : undefined;
  } catch {
    return undefined;
  }
}

/** Writes the record so that a reader sees the old one or the new one, never half of one. */
export function writeRecord(folder: string, record: ServerRecord): void {
  translating(folder, () => {
    const draft = `${fileOf(folder)}.${process.pid}`;
    writeFileSync(draft, JSON.stringify(record), { mode: 0o600 });
    renameSync(draft, fileOf(folder));
  });
}

/**
 * Refuses a folder that belongs to another living process, or to a server of this one that still runs.
 * Error: `data_dir_in_use`.
 */
export function refuseIfInUse(folder: string, owner: ProcessIdentity | undefined, serverPid: number | undefined): void {
  if (!owner || !isAlive(owner)) return;
  if (owner.pid === process.pid && serverPid === undefined) return;
  throw new EmbeddedServerError(
    'data_dir_in_use',
    `The data in ${folder} is in use by process ${owner.pid}: stop it first, or set HEADRACE_DATA_DIR to another folder.`,
  );
}

/** The identity of this process, the owner of the servers it starts. */
export function ourselves(): ProcessIdentity {
  return identityOf(process.pid) ?? { pid: process.pid, startedAt: 'unknown' };
}

/**
 * The way to stop a server and to give its folder back. Only the first call does anything: by the second, the
 * folder may belong to a later start.
 */
export function stopOnce(folder: string, port: number, stopServer: () => Promise<void>): () => Promise<void> {
  const stop = async (): Promise<void> => {
    await stopServer();
    writeRecord(folder, { port });
  };
  let stopped: Promise<void> | undefined;
  return () => (stopped ??= stop());
}

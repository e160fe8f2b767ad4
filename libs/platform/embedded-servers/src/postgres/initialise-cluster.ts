import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync, chownSync } from 'node:fs';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { EmbeddedServerError } from '../embedded-server.error.js';
import { diskFull } from '../server/data-folder.js';
import { giveTo } from './postgres-user.js';
import type { PostgresBinaries } from './postgres-binaries.js';

/** The superuser of the embedded cluster, and its database. */
export const postgresRole = 'headrace';

const initLimitMs = 120_000;

/** What a cluster is made of. */
export interface NewCluster {
  /** An existing folder that the server's user may enter. */
  readonly home: string;
  /** The cluster's folder in it. */
  readonly cluster: string;
  readonly password: string;
  readonly userId: number | undefined;
}

/**
 * Makes the cluster unless there is one. It appears at once: a start that was interrupted here leaves no half of
 * one behind.
 */
export async function initialiseCluster(binaries: PostgresBinaries, parts: NewCluster): Promise<void> {
  const { home, cluster, password, userId } = parts;
  if (existsSync(cluster)) return;
  const draft = join(home, 'draft');
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { mode: 0o700 });
  // initdb reads the password from a file of its own user, whom root's is closed to.
  const passwordFile = join(home, 'draft-password');
  writeFileSync(passwordFile, password, { mode: 0o600 });
  try {
    if (userId !== undefined) chownSync(passwordFile, userId, userId);
    giveTo(userId, draft);
    await initdb(binaries.initdb, draft, passwordFile, userId);
  } finally {
    rmSync(passwordFile, { force: true });
  }
  renameSync(draft, cluster);
}

function initdb(program: string, folder: string, passwordFile: string, userId: number | undefined): Promise<void> {
  const args = [
    ...['--pgdata', folder, '--username', postgresRole, '--pwfile', passwordFile],
    ...['--auth', 'scram-sha-256', '--encoding', 'UTF8', '--locale', 'C', '--no-instructions'],
  ];
  const user = userId === undefined ? {} : { uid: userId, gid: userId };
  return new Promise((resolve, reject) => {
    const options = { ...user, cwd: folder, env: postgresEnvironment(folder), timeout: initLimitMs, windowsHide: true };
    execFile(program, args, options, (error, output, complaint) => {
      if (!error) resolve();
      else reject(problemOf(folder, `${complaint}\n${output}`, error));
    });
  });
}

/** Plain English, UTC and no setting of the caller's: PGPORT and the like change what Postgres does. */
export function postgresEnvironment(home: string): Record<string, string | undefined> {
  const { PATH, SystemRoot, TEMP, TMPDIR } = process.env;
  return { PATH, SystemRoot, TEMP, TMPDIR, HOME: home, LC_ALL: 'C', TZ: 'UTC' };
}

function problemOf(folder: string, output: string, cause: Error): EmbeddedServerError {
  if (/No space left on device/i.test(output)) return diskFull(folder, cause);
  const reason = /(?:error|FATAL|could not): ?(.*)/i.exec(output)?.[1] ?? cause.message;
  return new EmbeddedServerError('start_failed', `Postgres could not make its data folder ${folder}: ${reason}.`, {
    cause,
  });
}

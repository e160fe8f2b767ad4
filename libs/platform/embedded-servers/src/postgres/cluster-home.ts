import { existsSync, mkdirSync, mkdtempSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Log } from '../embedded-server.js';
import { translating } from '../server/data-folder.js';
import { closedFolderOnTheWay, letOthersEnter } from './postgres-user.js';

/** Where root keeps data that a user without rights must reach, and that survives a restart of the machine. */
const sharedFolder = '/var/lib/headrace';

/**
 * Makes the folder in which the cluster lies: `<folder>/data`. Where Postgres has to run as a user who may not enter
 * it, that is a link to a folder elsewhere, so that removing the data folder still means starting afresh.
 */
export function makeClusterHome(folder: string, user: number | undefined, log: Log): void {
  const home = join(folder, 'data');
  if (existsSync(home)) return;
  if (user === undefined) return makeOpen(folder, home);
  letOthersEnter(folder);
  const closed = closedFolderOnTheWay(folder);
  if (!closed) return makeOpen(folder, home);
  translating(sharedFolder, () => {
    mkdirSync(sharedFolder, { recursive: true, mode: 0o755 });
    const elsewhere = mkdtempSync(join(sharedFolder, 'postgres-'));
    letOthersEnter(elsewhere);
    symlinkSync(elsewhere, home);
    log(`Postgres cannot run as root, and another user may not enter ${closed}: its data is in ${elsewhere}.`);
  });
}

function makeOpen(folder: string, home: string): void {
  translating(folder, () => {
    mkdirSync(home);
    letOthersEnter(home);
  });
}

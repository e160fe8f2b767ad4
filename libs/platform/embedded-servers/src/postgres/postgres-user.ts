import { chmodSync, chownSync, lstatSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The user and group `nobody` on Linux and most others: Postgres refuses to run as root. */
const nobody = 65_534;

/** The user that Postgres runs as; undefined: as this process does. */
export function postgresUser(): number | undefined {
  return process.getuid?.() === 0 ? nobody : undefined;
}

/**
 * The first folder on the way to `path`, itself included, that a user without rights of its own may not enter;
 * undefined when the way is open.
 */
export function closedFolderOnTheWay(path: string): string | undefined {
  const parent = dirname(path);
  const closed = parent === path ? undefined : closedFolderOnTheWay(parent);
  if (closed) return closed;
  const enterForOthers = 0o001;
  return (statSync(path).mode & enterForOthers) === 0 ? path : undefined;
}

/** Gives a folder and all in it to the user that Postgres runs as. */
export function giveTo(user: number | undefined, folder: string): void {
  if (user === undefined) return;
  chownSync(folder, user, user);
  for (const entry of readdirSync(folder)) {
    const path = join(folder, entry);
    if (lstatSync(path).isDirectory()) giveTo(user, path);
    else chownSync(path, user, user);
  }
}

/** Lets others enter a folder of ours, where a strict umask shut it. */
export function letOthersEnter(folder: string): void {
  chmodSync(folder, (statSync(folder).mode & 0o777) | 0o011);
}

import { chmodSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { CommandFailed } from '../errors.js';
import type { Surroundings } from '../surroundings.js';

/** What `headrace login` saves. */
export interface SavedLogin {
  readonly url: string;
  readonly apiKey: string;
}

/** The file of the user's login: in XDG_CONFIG_HOME, in APPDATA on Windows, else in ~/.config. */
export function loginFile({ environment }: Pick<Surroundings, 'environment'>): string {
  const windows = process.platform === 'win32' ? environment['APPDATA'] : undefined;
  const home = environment['HOME'] ?? homedir();
  const base = environment['XDG_CONFIG_HOME'] ?? windows ?? path.join(home, '.config');
  return path.join(base, 'headrace', 'login.json');
}

/** The saved login; undefined when there is none. */
export function readLogin(around: Pick<Surroundings, 'environment'>): SavedLogin | undefined {
  const file = loginFile(around);
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new CommandFailed(`The saved login cannot be read: ${(error as Error).message}.`);
  }
  try {
    const { url, api_key: apiKey } = JSON.parse(text) as Record<string, unknown>;
    if (typeof url === 'string' && typeof apiKey === 'string') return { url, apiKey };
  } catch {
    // Told below, as any other content that is none of ours.
  }
  throw new CommandFailed(`${file} is not a saved login. Run "headrace login" again.`);
}

/** Saves a login for its owner's eyes only; resolves to where. */
export function saveLogin(around: Pick<Surroundings, 'environment'>, { url, apiKey }: SavedLogin): string {
  const file = loginFile(around);
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  // Written beside and moved, so that the key is never in a file that others may read, and never half a file.
  const fresh = `${file}.${process.pid}`;
  writeFileSync(fresh, `${JSON.stringify({ url, api_key: apiKey }, null, 2)}\n`, { mode: 0o600 });
  chmodSync(fresh, 0o600);
  renameSync(fresh, file);
  return file;
}

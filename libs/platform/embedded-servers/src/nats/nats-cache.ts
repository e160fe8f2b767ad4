import {
  accessSync,
  chmodSync,
  constants,
  copyFileSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
  closeSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { EmbeddedServerError } from '../embedded-server.error.js';
import { identityOf, isAlive, type ProcessIdentity } from '../server/process-identity.js';

/** The file name of a program on this system. */
export const natsProgram = process.platform === 'win32' ? 'nats-server.exe' : 'nats-server';

/** Where this user keeps what programs can fetch again. */
export function cacheFolder(env: NodeJS.ProcessEnv, platform: NodeJS.Platform = process.platform): string {
  if (env['XDG_CACHE_HOME']) return join(env['XDG_CACHE_HOME'], 'headrace');
  if (platform === 'win32')
    return join(env['LOCALAPPDATA'] ?? join(homedir(), 'AppData', 'Local'), 'headrace', 'cache');
  if (platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'headrace');
  return join(homedir(), '.cache', 'headrace');
}

/** Puts a binary into the cache at once: whoever looks sees the whole file or none. */
export function keep(source: string, target: string): void {
  const draft = `${target}.${process.pid}`;
  copyFileSync(source, draft);
  chmodSync(draft, 0o755);
  try {
    renameSync(draft, target);
  } catch (error) {
    rmSync(draft, { force: true });
    // Windows does not replace a program that runs; then a good one is there already.
    if (process.platform !== 'win32') throw error;
  }
}

function makeWritable(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK);
  } catch (cause) {
    throw new EmbeddedServerError(
      'binary_missing',
      `The cache folder ${folder} cannot be written to: set XDG_CACHE_HOME to a folder that can, or NATS_SERVER_BIN to a nats-server.`,
      { cause },
    );
  }
}

/** An abandoned lock is taken over after this, however its owner ended. */
const lockLimitMs = 10 * 60_000;

/** Runs `work` while no other process does the same in this folder. */
export async function alone<Result>(folder: string, work: () => Promise<Result>): Promise<Result> {
  makeWritable(folder);
  const lock = join(folder, 'obtaining.lock');
  while (!take(lock)) await delay(200);
  try {
    return await work();
  } finally {
    rmSync(lock, { force: true });
  }
}

function take(lock: string): boolean {
  try {
    const file = openSync(lock, 'wx');
    writeSync(file, JSON.stringify(identityOf(process.pid)));
    closeSync(file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    if (isAbandoned(lock)) rmSync(lock, { force: true });
    return false;
  }
}

function isAbandoned(lock: string): boolean {
  try {
    const age = Date.now() - statSync(lock).mtimeMs;
    const text = readFileSync(lock, 'utf8');
    // Still empty: its owner is about to write who it is.
    if (text === '') return age > 5_000;
    return age > lockLimitMs || !isAlive(JSON.parse(text) as ProcessIdentity);
  } catch {
    return false;
  }
}

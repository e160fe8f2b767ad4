import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { translating } from '../server/data-folder.js';

/** The superuser's password: made at the first start and kept beside the data, for this user's eyes only. */
export function clusterPassword(folder: string): string {
  const file = join(folder, 'password');
  return existing(file) ?? translating(folder, () => made(file));
}

function existing(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim() || undefined;
  } catch {
    return undefined;
  }
}

function made(file: string): string {
  const password = randomBytes(24).toString('base64url');
  writeFileSync(file, password, { mode: 0o600 });
  return password;
}

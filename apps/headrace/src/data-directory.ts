import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { newApiKey } from '@headrace/secrets';

/** Where the all-in-one process keeps what must outlive it. */
export interface DataDirectory {
  readonly path: string;
  /** Encrypts stored secrets: made at the first start, the same ever after. */
  readonly masterKey: string;
  /** The demo project's key, and whether it was made just now and must be shown. */
  readonly apiKey: { readonly value: string; readonly isNew: boolean };
}

/** Opens the data directory, and makes it and its keys (readable by the owner only) when they are missing. */
export function openDataDirectory(directory: string, given: { masterKey?: string; apiKey?: string }): DataDirectory {
  const absolute = path.resolve(directory);
  mkdirSync(absolute, { recursive: true });
  return {
    path: absolute,
    masterKey: given.masterKey ?? keptSecret(path.join(absolute, 'master-key'), newMasterKey).value,
    apiKey: given.apiKey ? { value: given.apiKey, isNew: false } : keptSecret(apiKeyFile(absolute), newApiKey),
  };
}

/** The file that holds a generated key of the demo project. */
export const apiKeyFile = (directory: string): string => path.join(path.resolve(directory), 'api-key');

const newMasterKey = (): string => randomBytes(32).toString('base64url');

function keptSecret(file: string, make: () => string): { value: string; isNew: boolean } {
  if (existsSync(file)) return { value: readFileSync(file, 'utf8').trim(), isNew: false };
  const value = make();
  writeFileSync(file, `${value}\n`, { mode: 0o600, flag: 'wx' });
  return { value, isNew: true };
}

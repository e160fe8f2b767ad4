import { chmodSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Makes a data folder; `closed` to other users, as folders in a home often are, or open. */
export function makeDataDir(access: 'open' | 'closed' = 'open'): string {
  const folder = mkdtempSync(join(tmpdir(), 'headrace-embedded-'));
  chmodSync(folder, access === 'open' ? 0o755 : 0o700);
  return folder;
}

/** Removes a data folder, with the Postgres data that may lie elsewhere. */
export function removeDataDir(folder: string): void {
  try {
    rmSync(realpathSync(join(folder, 'postgres', 'data')), { recursive: true, force: true });
  } catch {
    // No Postgres was started here.
  }
  rmSync(folder, { recursive: true, force: true });
}

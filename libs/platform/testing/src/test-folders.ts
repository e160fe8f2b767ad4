import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stopLeftovers } from '@headrace/embedded-servers';

/** The start of the name of every data folder that tests make in the temporary folder. */
const prefix = 'headrace-test-';

/** Makes a data folder for test servers. Others may enter it: started by root, Postgres runs as another user. */
export function makeTestFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), prefix));
  chmodSync(folder, 0o755);
  return folder;
}

/** Stops the servers and removes the folders of test runs that were killed. Those of living runs stay. */
export async function removeTestLeftovers(): Promise<void> {
  for (const name of readdirSync(tmpdir())) {
    if (!name.startsWith(prefix)) continue;
    const folder = join(tmpdir(), name);
    if (await stopLeftovers(folder, () => undefined)) rmSync(folder, { recursive: true, force: true });
  }
}

/** Jest's global teardown: stops what jest-servers.mjs started. */
import { rmSync } from 'node:fs';

const key = Symbol.for('headrace:test-servers');

export default async function stopServers() {
  const servers = await globalThis[key];
  if (!servers) return;
  globalThis[key] = undefined;
  await servers.postgres.stop();
  rmSync(servers.dataDir, { recursive: true, force: true });
}

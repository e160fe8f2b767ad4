/**
 * Jest's global setup for tests that need real servers: finds a nats-server, which each test file starts for itself,
 * and starts one Postgres, on which each test file makes a database of its own.
 */
import { obtainNatsServer, startEmbeddedPostgres } from '@headrace/embedded-servers';
import { makeTestFolder, removeTestLeftovers } from '@headrace/testing';

const key = Symbol.for('headrace:test-servers');

/** Nothing that is lost with a test run needs to reach the disk. */
const settings = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '300' };

export default async function startServers() {
  // Several Jest projects may name this file; the servers are started once.
  globalThis[key] ??= start();
  await globalThis[key];
}

async function start() {
  await removeTestLeftovers();
  const log = (sentence) => process.stderr.write(`${sentence}\n`);
  process.env.NATS_SERVER_BIN = (await obtainNatsServer({ log })).path;
  const dataDir = makeTestFolder();
  const postgres = await startEmbeddedPostgres({ dataDir, settings, log });
  process.env.HEADRACE_TEST_POSTGRES_URL = postgres.url;
  return { postgres, dataDir };
}

import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import pg from 'pg';
import { startEmbeddedNats } from './nats/start-nats.js';
import { natsOnDisk } from './nats/nats-on-disk.js';
import { postgresOnDisk } from './postgres/postgres-on-disk.js';
import { startEmbeddedPostgres } from './postgres/start-postgres.js';
import { identityOf, isAlive } from './server/process-identity.js';
import { stopLeftovers } from './stop-leftovers.js';
import { makeDataDir, removeDataDir } from './testing/data-dir.js';
import { startServerOwner, type OwnedServers } from './testing/server-owner.js';

describe('the embedded servers and the process that started them', () => {
  let dataDir: string;
  beforeAll(() => {
    dataDir = makeDataDir();
  });
  afterEach(() => stopLeftovers(dataDir, () => undefined));
  afterAll(() => removeDataDir(dataDir));

  async function store({ nats, postgres }: OwnedServers): Promise<void> {
    const connection = await connect({ servers: nats.url, reconnect: false });
    await (await jetstreamManager(connection)).streams.add({ name: 'KEPT', subjects: ['kept'] });
    await jetstream(connection).publish('kept', 'hello');
    await connection.close();
    const client = new pg.Client({ connectionString: postgres.url });
    await client.connect();
    await client.query('CREATE TABLE kept AS SELECT 1 AS value');
    await client.end();
  }

  async function expectStored({ nats, postgres }: OwnedServers): Promise<void> {
    const connection = await connect({ servers: nats.url, reconnect: false });
    expect((await (await jetstreamManager(connection)).streams.info('KEPT')).state.messages).toBe(1);
    await connection.close();
    const client = new pg.Client({ connectionString: postgres.url });
    await client.connect();
    expect((await client.query('SELECT value FROM kept')).rows).toEqual([{ value: 1 }]);
    await client.end();
  }

  const runs = (pid: number): boolean => identityOf(pid) !== undefined;

  /** Servers end a moment after a process that could not wait for them; they are not children of this one. */
  async function gone(...pids: number[]): Promise<void> {
    const left = pids.flatMap((pid) => identityOf(pid) ?? []);
    while (left.some(isAlive)) await delay(10);
  }

  it('stops servers that outlived a killed process, and starts again with all their data', async () => {
    const owner = await startServerOwner(dataDir);
    await store(owner);
    await owner.end('SIGKILL');
    expect([runs(owner.nats.pid), runs(owner.postgres.pid)]).toEqual([true, true]);

    const said: string[] = [];
    const options = { dataDir, log: (sentence: string) => said.push(sentence) };
    const nats = await startEmbeddedNats({ ...options, binary: process.env['NATS_SERVER_BIN'] });
    const postgres = await startEmbeddedPostgres(options);
    expect([runs(owner.nats.pid), runs(owner.postgres.pid)]).toEqual([false, false]);
    expect(said).toEqual([
      `NATS of an earlier start still runs (process ${owner.nats.pid}): stopping it first.`,
      `Postgres of an earlier start still runs (process ${owner.postgres.pid}): stopping it first.`,
    ]);
    expect([nats.url, postgres.url]).toEqual([owner.nats.url, owner.postgres.url]);
    await expectStored({ nats, postgres });

    await Promise.all([nats.stop(), postgres.stop()]);
    expect([runs(nats.pid), runs(postgres.pid)]).toEqual([false, false]);
  });

  it('stops a Postgres that outlived a killed process without a crash', async () => {
    const owner = await startServerOwner(dataDir);
    await owner.end('SIGKILL');
    await (await startEmbeddedPostgres({ dataDir, log: () => undefined })).stop();
    expect(readFileSync(postgresOnDisk(dataDir).logFile, 'utf8')).not.toContain('not properly shut down');
  });

  it('refuses data whose servers work for a process that lives', async () => {
    const owner = await startServerOwner(dataDir);
    await expect(startEmbeddedPostgres({ dataDir, log: () => undefined })).rejects.toMatchObject({
      code: 'data_dir_in_use',
      message: expect.stringContaining(`process ${owner.process.pid}`),
    });
    await owner.end('SIGTERM');
  });

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'stops its servers cleanly at %s before it ends',
    async (signal) => {
      const owner = await startServerOwner(dataDir);
      expect(await owner.end(signal)).toEqual({ code: null, signal });
      expect([runs(owner.nats.pid), runs(owner.postgres.pid)]).toEqual([false, false]);
      expect(readFileSync(natsOnDisk(dataDir).logFile, 'utf8')).toContain('Server Exiting');
      expect(readFileSync(postgresOnDisk(dataDir).logFile, 'utf8')).toContain('database system is shut down');
    },
  );

  it('tells its servers to stop when it exits in a hurry', async () => {
    const owner = await startServerOwner(dataDir);
    expect(await owner.exit(3)).toEqual({ code: 3, signal: null });
    await gone(owner.nats.pid, owner.postgres.pid);
    expect(readFileSync(postgresOnDisk(dataDir).logFile, 'utf8')).toContain('database system is shut down');
  });

  it('clears away what a killed test run left, and only that', async () => {
    const owner = await startServerOwner(dataDir);
    expect(await stopLeftovers(dataDir, () => undefined)).toBe(false);
    await owner.end('SIGKILL');
    expect(await stopLeftovers(dataDir, () => undefined)).toBe(true);
    expect([runs(owner.nats.pid), runs(owner.postgres.pid)]).toEqual([false, false]);
  });
});

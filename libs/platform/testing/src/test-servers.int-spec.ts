import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import pg from 'pg';
import { startNats, type TestNats } from './start-nats.js';
import { startPostgresDatabase } from './start-postgres-database.js';

describe('startNats', () => {
  let nats: TestNats;
  beforeAll(async () => {
    nats = await startNats();
  });
  afterAll(() => nats.stop());

  async function storedMessages(): Promise<number> {
    const connection = await connect({ servers: nats.url });
    const { state } = await (await jetstreamManager(connection)).streams.info('KEPT');
    await connection.close();
    return state.messages;
  }

  it('keeps its port and what it acknowledged over a kill and a restart', async () => {
    const connection = await connect({ servers: nats.url, reconnect: false });
    await (await jetstreamManager(connection)).streams.add({ name: 'KEPT', subjects: ['kept'] });
    await jetstream(connection).publish('kept', 'hello');
    const [url, pid] = [nats.url, nats.pid];

    await nats.kill();
    await connection.closed();
    await nats.restart();

    expect(nats.url).toBe(url);
    expect(nats.pid).not.toBe(pid);
    expect(await storedMessages()).toBe(1);
  });

  it('keeps its store over a restart without a kill', async () => {
    await nats.restart();
    expect(await storedMessages()).toBe(1);
  });
});

describe('startPostgresDatabase', () => {
  async function ask(url: string, statement: string): Promise<unknown[]> {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    const { rows } = await client.query<Record<string, unknown>>(statement);
    await client.end();
    return rows;
  }

  it('gives each caller a database of its own', async () => {
    const [one, other] = await Promise.all([startPostgresDatabase(), startPostgresDatabase()]);
    await ask(one.url, 'CREATE TABLE only_here (id int)');
    const tables = `SELECT count(*)::int AS tables FROM pg_tables WHERE tablename = 'only_here'`;
    expect(await ask(one.url, tables)).toEqual([{ tables: 1 }]);
    expect(await ask(other.url, tables)).toEqual([{ tables: 0 }]);
    await Promise.all([one.drop(), other.drop()]);
  });

  it('drops a database that is still connected to', async () => {
    const database = await startPostgresDatabase();
    const client = new pg.Client({ connectionString: database.url });
    // One error says that it was terminated, a second one that the connection is gone.
    const lost = new Promise<Error>((resolve) => client.on('error', resolve));
    await client.connect();
    await database.drop();
    expect((await lost).message).toMatch(/terminat/);
    await expect(ask(database.url, 'SELECT 1')).rejects.toThrow('does not exist');
  });
});

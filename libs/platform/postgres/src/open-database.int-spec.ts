import { createServer, type AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startPostgresDatabase, type TestDatabase } from '@headrace/testing';
import { Column, Entity, PrimaryColumn, type MigrationInterface, type QueryRunner } from 'typeorm';
import { openDatabase } from './open-database.js';
import { DatabaseUnusable } from './postgres-errors.js';
import { PostgresSettings } from './postgres.settings.js';

@Entity('parcels')
class ParcelEntity {
  @PrimaryColumn('integer')
  id: number;

  @Column('text')
  label: string;
}

/** Not repeatable: a second run would fail. */
class CreateParcels1700000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE parcels (id integer PRIMARY KEY, label text NOT NULL)');
    await runner.query('SELECT pg_sleep(0.2)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE parcels');
  }
}

class Fails1700000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE half_done (id integer)');
    await runner.query('SELECT 1 / 0');
  }

  async down(): Promise<void> {}
}

const parcels = { entities: [ParcelEntity], migrations: [CreateParcels1700000000000] };
const failing = { entities: [], migrations: [Fails1700000000001] };

const settingsFor = (databaseUrl?: string, more: Partial<PostgresSettings> = {}) =>
  Object.assign(new PostgresSettings(), { databaseUrl, ...more });

describe('openDatabase', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await startPostgresDatabase();
  });
  afterAll(() => database.drop());

  const withUrl = (change: (url: URL) => void): string => {
    const url = new URL(database.url);
    change(url);
    return url.href;
  };

  const messageOf = async (databaseUrl?: string, more?: Partial<PostgresSettings>): Promise<string> => {
    const error: unknown = await openDatabase(settingsFor(databaseUrl, more), []).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(DatabaseUnusable);
    return (error as DatabaseUnusable).message;
  };

  it('migrates once when six processes start together', async () => {
    const opened = await Promise.all(
      Array.from({ length: 6 }, () => openDatabase(settingsFor(database.url, { poolSize: 2 }), [parcels])),
    );
    try {
      const [first] = opened;
      await first?.getRepository(ParcelEntity).insert({ id: 1, label: 'one' });
      expect(await opened[5]?.getRepository(ParcelEntity).count()).toBe(1);
      expect(await first?.query('SELECT name FROM headrace_migrations')).toHaveLength(1);
    } finally {
      await Promise.all(opened.map((dataSource) => dataSource.destroy()));
    }
  });

  it('leaves nothing behind when a migration fails', async () => {
    await expect(openDatabase(settingsFor(database.url), [failing])).rejects.toThrow(/division by zero/);
    const dataSource = await openDatabase(settingsFor(database.url), []);
    try {
      expect(await dataSource.query("SELECT to_regclass('half_done') AS name")).toEqual([{ name: null }]);
    } finally {
      await dataSource.destroy();
    }
  });

  it('ends a statement that takes too long', async () => {
    const dataSource = await openDatabase(settingsFor(database.url, { statementTimeoutMs: 100 }), []);
    try {
      await expect(dataSource.query('SELECT pg_sleep(10)')).rejects.toThrow(/statement timeout/);
    } finally {
      await dataSource.destroy();
    }
  });

  it('says that DATABASE_URL is missing', async () => {
    expect(await messageOf()).toMatch(/DATABASE_URL is not set/);
  });

  it('says that nothing answers', async () => {
    expect(await messageOf(withUrl((url) => (url.port = '1')))).toMatch(/No Postgres answers at .*:1\. Start it/);
  });

  it('says that the database does not exist', async () => {
    expect(await messageOf(withUrl((url) => (url.pathname = '/nowhere')))).toMatch(/no database "nowhere"/);
  });

  it('says that the server does not answer in time', async () => {
    // Who reads nothing does not see either that the other side has left.
    const silent = createServer((socket) => socket.resume()).listen(0, '127.0.0.1');
    try {
      await new Promise((resolve) => silent.once('listening', resolve));
      const url = withUrl((to) => {
        to.hostname = '127.0.0.1';
        to.port = String((silent.address() as AddressInfo).port);
      });
      expect(await messageOf(url, { connectTimeoutMs: 200 })).toMatch(/does not answer in time/);
    } finally {
      silent.close();
    }
  });
});

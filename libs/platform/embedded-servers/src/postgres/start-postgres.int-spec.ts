import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import pg from 'pg';
import { makeDataDir, removeDataDir } from '../testing/data-dir.js';
import { postgresOnDisk } from './postgres-on-disk.js';
import { startEmbeddedPostgres, type EmbeddedPostgres } from './start-postgres.js';

describe('the embedded Postgres', () => {
  let dataDir: string;
  let running: EmbeddedPostgres[];
  let said: string[];
  beforeAll(() => {
    dataDir = makeDataDir();
  });
  beforeEach(() => {
    running = [];
    said = [];
  });
  afterEach(async () => {
    for (const server of running) await server.stop();
  });
  afterAll(() => removeDataDir(dataDir));

  async function start(port?: number, folder = dataDir): Promise<EmbeddedPostgres> {
    const server = await startEmbeddedPostgres({ dataDir: folder, port, log: (sentence) => said.push(sentence) });
    running.push(server);
    return server;
  }

  async function ask(url: string, statement: string): Promise<Record<string, unknown>[]> {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      return (await client.query<Record<string, unknown>>(statement)).rows;
    } finally {
      await client.end();
    }
  }

  it('keeps its data, port and password over a stop and a start', async () => {
    const first = await start();
    await ask(first.url, 'CREATE TABLE kept AS SELECT 1 AS value');
    await first.stop();
    const second = await start();
    expect(second.url).toBe(first.url);
    expect(await ask(second.url, 'SELECT value FROM kept')).toEqual([{ value: 1 }]);
  });

  it('forces commits to disk and listens on 127.0.0.1 only', async () => {
    const { url } = await start();
    for (const [setting, value] of Object.entries({
      fsync: 'on',
      synchronous_commit: 'on',
      listen_addresses: '127.0.0.1',
      unix_socket_directories: '',
    })) {
      expect(await ask(url, `SHOW ${setting}`)).toEqual([{ [setting]: value }]);
    }
  });

  it('lets nobody in without the password, which only this user can read', async () => {
    const { url, port } = await start();
    await expect(ask(`postgres://headrace:wrong@127.0.0.1:${port}/headrace`, 'SELECT 1')).rejects.toThrow('password');
    const file = join(dataDir, 'postgres', 'password');
    expect(url).toContain(readFileSync(file, 'utf8'));
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('says in one sentence that a wanted port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    await expect(start(port)).rejects.toMatchObject({
      code: 'port_taken',
      message: expect.stringContaining(`Port ${port}`),
    });
    other.close();
  });

  it('refuses a data folder that is in use', async () => {
    await start();
    await expect(start()).rejects.toMatchObject({ code: 'data_dir_in_use' });
  });

  it('starts after a crash of its own, and keeps what was committed', async () => {
    const first = await start();
    await ask(first.url, 'CREATE TABLE committed AS SELECT 1 AS value');
    process.kill(first.pid, 'SIGKILL');
    await first.stop();
    const second = await start();
    expect(await ask(second.url, 'SELECT value FROM committed')).toEqual([{ value: 1 }]);
    expect(readFileSync(postgresOnDisk(dataDir).logFile, 'utf8')).toContain('not properly shut down');
  });

  it('starts although the number in a pid file that was left belongs to another program now', async () => {
    await (await start()).stop();
    const { pidFile, cluster } = postgresOnDisk(dataDir);
    writeFileSync(pidFile, `${process.pid}\n${cluster}\n`);
    expect(await ask((await start()).url, 'SELECT 1 AS value')).toEqual([{ value: 1 }]);
  });

  describe('in a new data folder', () => {
    let newFolder: string;
    afterEach(() => removeDataDir(newFolder));

    it('starts although an earlier first start was interrupted while it made the cluster', async () => {
      newFolder = makeDataDir();
      mkdirSync(join(postgresOnDisk(newFolder).home, 'draft', 'half'), { recursive: true });
      const server = await start(undefined, newFolder);
      expect(await ask(server.url, 'SELECT 1 AS value')).toEqual([{ value: 1 }]);
      await server.stop();
    });

    it('works where other users may not enter, and says where the data is if not there', async () => {
      newFolder = makeDataDir('closed');
      const first = await start(undefined, newFolder);
      await ask(first.url, 'CREATE TABLE kept AS SELECT 1 AS value');
      await first.stop();
      const second = await start(undefined, newFolder);
      expect(await ask(second.url, 'SELECT value FROM kept')).toEqual([{ value: 1 }]);
      await second.stop();
      const { home, folder } = postgresOnDisk(newFolder);
      const movedTo = home.startsWith(folder) ? [] : [home];
      expect(movedTo.length).toBe(process.getuid?.() === 0 ? 1 : 0);
      expect(movedTo.every((place) => said.some((sentence) => sentence.includes(place)))).toBe(true);
    });
  });
});

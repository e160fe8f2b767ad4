import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fakeNatsServer } from '../testing/fake-nats-server.js';
import type { NatsSource } from './nats-source.js';
import { obtainNatsServer, type NatsBinary } from './obtain-nats-server.js';

describe('obtainNatsServer', () => {
  let folder: string;
  let said: string[];
  let asked: string[];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'obtain-nats-'));
    said = [];
    asked = [];
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const source = (name: string, obtain: NatsSource['obtain']): NatsSource => ({
    name,
    obtain: (scratch, log) => {
      asked.push(name);
      return obtain(scratch, log);
    },
  });
  const closed = source('a closed way', () => Promise.reject(new Error('it is closed')));
  const open = source('an open way', async (scratch) => fakeNatsServer(scratch, '2.14.5'));
  const tooOld = source('an old way', async (scratch) => fakeNatsServer(scratch, '2.9.10'));

  function obtain(
    env: Record<string, string> = {},
    sources: NatsSource[] = [closed, tooOld, open],
  ): Promise<NatsBinary> {
    const surroundings = { PATH: join(folder, 'path'), XDG_CACHE_HOME: join(folder, 'cache'), ...env };
    return obtainNatsServer({ log: (sentence) => said.push(sentence), env: surroundings, sources });
  }

  it('takes the named server before all others', async () => {
    fakeNatsServer(join(folder, 'path'), '2.15.1');
    const named = fakeNatsServer(join(folder, 'named'), '2.12.0');
    expect(await obtain({ NATS_SERVER_BIN: named })).toMatchObject({ path: named, version: '2.12.0' });
    expect(said).toEqual(['Using nats-server 2.12.0 from NATS_SERVER_BIN.']);
  });

  it('refuses a named server that is too old, although a newer one is on the PATH', async () => {
    fakeNatsServer(join(folder, 'path'), '2.15.1');
    const named = fakeNatsServer(join(folder, 'named'), '2.11.9');
    await expect(obtain({ NATS_SERVER_BIN: named })).rejects.toMatchObject({
      code: 'binary_missing',
      message: expect.stringContaining('is version 2.11.9, older than 2.12.0'),
    });
  });

  it('refuses a named server that cannot be run', async () => {
    await expect(obtain({ NATS_SERVER_BIN: join(folder, 'nowhere') })).rejects.toThrow('cannot be run');
  });

  it('takes the server on the PATH when it is new enough', async () => {
    fakeNatsServer(join(folder, 'path'), '2.15.1');
    expect(await obtain()).toMatchObject({ path: 'nats-server', version: '2.15.1', source: 'the PATH' });
    expect(asked).toEqual([]);
  });

  it('passes over an old server on the PATH, and over the ways that fail, and says why', async () => {
    fakeNatsServer(join(folder, 'path'), '2.9.10');
    const { path, version } = await obtain();
    expect([path, version]).toEqual([join(folder, 'cache', 'headrace', 'nats-server'), '2.14.5']);
    expect(said).toEqual([
      'No nats-server from a closed way: it is closed.',
      'No nats-server from an old way: it gave 2.9.10.',
      expect.stringMatching(/^Using nats-server 2\.14\.5 from an open way, kept in /),
    ]);
  });

  it('obtains it once and finds it in the cache from then on', async () => {
    await obtain();
    asked = [];
    expect(await obtain()).toMatchObject({ version: '2.14.5', source: 'the cache' });
    expect(asked).toEqual([]);
    expect(readdirSync(join(folder, 'cache', 'headrace'))).toEqual(['nats-server']);
  });

  it('obtains it once when two ask at the same time', async () => {
    const both = await Promise.all([obtain({}, [open]), obtain({}, [open])]);
    expect(asked).toEqual(['an open way']);
    expect(both.map(({ path }) => path)).toEqual([both[0].path, both[0].path]);
  });

  it('does not wait for a process that died while it obtained one', async () => {
    await obtain({}, [open]);
    const cache = join(folder, 'cache', 'headrace');
    rmSync(join(cache, 'nats-server'));
    writeFileSync(join(cache, 'obtaining.lock'), JSON.stringify({ pid: 2 ** 22 + 1, startedAt: 'long ago' }));
    expect(await obtain({}, [open])).toMatchObject({ version: '2.14.5' });
  });

  it('says in one sentence what a person can do when every way is closed', async () => {
    await expect(obtain({}, [closed, tooOld])).rejects.toMatchObject({
      code: 'binary_missing',
      message: expect.stringMatching(/brew install.*scoop install.*apt install.*NATS_SERVER_BIN.*NATS_URL/),
    });
    expect(readdirSync(join(folder, 'cache', 'headrace'))).toEqual([]);
  });

  it('says which folder it cannot keep the server in', async () => {
    writeFileSync(join(folder, 'a-file'), '');
    await expect(obtain({ XDG_CACHE_HOME: join(folder, 'a-file') })).rejects.toMatchObject({
      code: 'binary_missing',
      message: expect.stringContaining('set XDG_CACHE_HOME'),
    });
  });
});

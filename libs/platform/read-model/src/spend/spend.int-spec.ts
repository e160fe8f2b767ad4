import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { RequestEvent } from '@headrace/contracts';
import { openDatabase, PostgresSettings } from '@headrace/postgres';
import { startPostgresDatabase, type TestDatabase } from '@headrace/testing';
import type { DataSource } from 'typeorm';
import { ReadModel } from '../read-model.js';
import type { TimelineRow } from '../read-model.rows.js';
import { readModelSchema } from '../read-model.schema.js';

const day = '2026-01-31';

describe('what was spent', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  let readModel: ReadModel;
  let sequence = 0;

  beforeAll(async () => {
    database = await startPostgresDatabase();
    const settings = Object.assign(new PostgresSettings(), { databaseUrl: database.url });
    dataSource = await openDatabase(settings, [readModelSchema]);
    readModel = new ReadModel(dataSource);
  });
  beforeEach(() => dataSource.query('TRUNCATE spend, timeline_events'));
  afterAll(async () => {
    await dataSource.destroy();
    await database.drop();
  });

  function event(type: RequestEvent['type'], costUsd: number | null, more: object = {}, on = day): TimelineRow {
    sequence += 1;
    const data = { context: { apiKeyId: 'k1' }, generation: { costUsd }, output: {}, callback: null, ...more };
    return { project: 'p1', channel: `c${sequence}`, sequence, type, at: `${on}T12:00:00.000Z`, data };
  }
  const write = (...timeline: TimelineRow[]) => readModel.write({ timeline, requests: [], deliveries: [] });
  const spent = (since = '2026-01-01') => readModel.spentSince('p1', since);

  it('is counted by day and key, from the days that are asked for', async () => {
    await write(
      event('request.completed', 0.25),
      event('request.completed', 0.5),
      event('request.completed', 1, { context: { apiKeyId: 'k2' } }),
      event('request.completed', 2, { context: {} }),
      event('request.completed', 4, {}, '2026-02-01'),
    );
    const rows = (await spent()).sort((one, other) => one.usd - other.usd);
    expect(rows).toEqual([
      { day, keyId: 'k1', usd: 0.75 },
      { day, keyId: 'k2', usd: 1 },
      { day, keyId: '', usd: 2 },
      { day: '2026-02-01', keyId: 'k1', usd: 4 },
    ]);
    expect(await spent('2026-02-01')).toHaveLength(1);
    expect(await readModel.spentSince('p2', '2026-01-01')).toEqual([]);
  });

  it('is counted once, however often and from whichever process an event comes', async () => {
    const events = [event('request.completed', 1), event('request.failed', 2, { output: null })];
    await Promise.all([write(...events), write(...events), write(...events.toReversed())]);
    await write(...events, event('request.completed', 4));
    expect(await spent()).toEqual([{ day, keyId: 'k1', usd: 7 }]);
  });

  it.each([
    ['an answer that awaits its callback', event('request.generated', 1), 1],
    ['the callback that follows it', event('request.completed', 1, { callback: {} }), undefined],
    ['a callback that failed or never came', event('request.failed', 1, { code: 'callback_timeout' }), undefined],
    ['providers that failed, but were paid', event('request.failed', 1, { output: null }), 1],
    ['tools called once too often', event('request.failed', 1, { code: 'tool_rounds_exceeded' }), 1],
    [
      'a request that was cancelled early',
      event('request.failed', null, { generation: null, output: null }),
      undefined,
    ],
    ['an answer without a price', event('request.completed', null), undefined],
  ])('of %s', async (_, row, usd) => {
    await write(row);
    expect((await spent())[0]?.usd).toBe(usd);
  });
});

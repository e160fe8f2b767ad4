import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openDatabase, PostgresSettings } from '@headrace/postgres';
import { startPostgresDatabase, type TestDatabase } from '@headrace/testing';
import type { DataSource } from 'typeorm';
import type { DeadLetterFilter } from './list-dead-letters.js';
import { ReadModel } from './read-model.js';
import type { DeliveryRow } from './read-model.rows.js';
import { readModelSchema } from './read-model.schema.js';
import { aDeliveryRow, aGivenUpRow, timeAt } from './testing/delivery-rows.fixtures.js';

describe('dead letters in the read model', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  let readModel: ReadModel;

  beforeAll(async () => {
    database = await startPostgresDatabase();
    const settings = Object.assign(new PostgresSettings(), { databaseUrl: database.url });
    dataSource = await openDatabase(settings, [readModelSchema]);
    readModel = new ReadModel(dataSource);
    await write([
      aGivenUpRow('l1', 1),
      aGivenUpRow('l2', 2, { channel: 'c2', endpointId: 'e2', httpStatus: 503 }),
      aGivenUpRow('l3', 3, { httpStatus: null, errorCode: 'timeout', type: 'task.failed' }),
      aGivenUpRow('theirs', 4, { project: 'p2' }),
      aDeliveryRow('r1', 11, { replayOf: 'l1', status: 'success' }),
      aGivenUpRow('r2', 12, { replayOf: 'l1' }),
    ]);
  });
  afterAll(async () => {
    await dataSource.destroy();
    await database.drop();
  });

  const write = (deliveries: DeliveryRow[]) => readModel.write({ timeline: [], requests: [], deliveries });
  const ids = async (filter: DeadLetterFilter) =>
    (await readModel.listDeadLetters('p1', filter, { limit: 10 })).items.map(({ id }) => id);

  it.each<[string, DeadLetterFilter, string[]]>([
    ['the endpoint', { endpointId: 'e2' }, ['l2']],
    ['the type', { type: 'task.failed' }, ['l3']],
    ['the request', { channel: 'c2' }, ['l2']],
    ['the status of the last answer', { httpStatus: 503 }, ['l2']],
    ["the error's code", { error: 'timeout' }, ['l3']],
    ['when they were given up', { since: new Date(timeAt(2)), until: new Date(timeAt(12)) }, ['l3', 'l2']],
    ['whether they were replayed', { replayed: true }, ['l1']],
    ['whether they were not replayed', { replayed: false, endpointId: 'e1' }, ['r2', 'l3']],
  ])('are found by %s', async (_what, filter, expected) => {
    expect(await ids(filter)).toEqual(expected);
  });

  it('tell the delivery that last replayed them', async () => {
    const replays = await readModel.lastReplays(['l1', 'l2']);
    const plannedAt = new Date(timeAt(12));
    expect([...replays]).toEqual([['l1', { id: 'r2', endpointId: 'e1', status: 'error', plannedAt }]]);
  });

  it('are forgotten, the oldest first and some at a time', async () => {
    const rows = [aGivenUpRow('o1', -3), aGivenUpRow('o2', -2), aGivenUpRow('o3', -1)];
    await write(rows);
    expect(await readModel.forgetDeadLetters(new Date(timeAt(0)), 2)).toBe(2);
    expect(await readModel.deadLetter('o3')).toBeDefined();
    expect(await readModel.forgetDeadLetters(new Date(timeAt(0)), 2)).toBe(1);
    expect(await readModel.deadLetter('l1')).toBeDefined();
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openDatabase, PostgresSettings } from '@headrace/postgres';
import { startPostgresDatabase, type TestDatabase } from '@headrace/testing';
import type { DataSource } from 'typeorm';
import { ReadModel } from './read-model.js';
import { readModelSchema } from './read-model.schema.js';
import { aDeliveryRow, aGivenUpRow, timeAt } from './testing/delivery-rows.fixtures.js';
import type { WaitingDelivery } from './waiting-deliveries.js';

describe('the deliveries of an endpoint that wait', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  let readModel: ReadModel;

  beforeAll(async () => {
    database = await startPostgresDatabase();
    const settings = Object.assign(new PostgresSettings(), { databaseUrl: database.url });
    dataSource = await openDatabase(settings, [readModelSchema]);
    readModel = new ReadModel(dataSource);
    const many = Array.from({ length: 1_200 }, (_, at) => aDeliveryRow(`many-${at}`, 1, { endpointId: 'many' }));
    const deliveries = [
      aDeliveryRow('planned', 1),
      aDeliveryRow('retrying', 2, { status: 'delivering', attempts: 3, nextAttemptAt: timeAt(9), sequence: 77 }),
      aDeliveryRow('due later', 3, { status: 'delivering', attempts: 1, nextAttemptAt: timeAt(50) }),
      aDeliveryRow('of another endpoint', 4, { endpointId: 'e2' }),
      aDeliveryRow('of another project', 5, { project: 'p2' }),
      aGivenUpRow('given up', 6),
      ...many,
    ];
    await readModel.write({ timeline: [], requests: [], deliveries });
  });
  afterAll(async () => {
    await dataSource.destroy();
    await database.drop();
  });

  const query = { project: 'p1', endpointId: 'e1', dueBefore: new Date(timeAt(10)) };
  const ignore = async (): Promise<void> => undefined;

  it('are those that were due and have not ended, with the attempt they wait for', async () => {
    const found: WaitingDelivery[] = [];
    await readModel.eachWaitingDelivery(query, async (page) => void found.push(...page));
    expect(found).toEqual([
      { channel: 'c1', id: 'planned', revision: 1, attempt: 1 },
      { channel: 'c1', id: 'retrying', revision: 77, attempt: 4 },
    ]);
  });

  it('come in pages, each once', async () => {
    const sizes: number[] = [];
    const seen = new Set<string>();
    await readModel.eachWaitingDelivery({ ...query, endpointId: 'many' }, async (page) => {
      sizes.push(page.length);
      for (const { id } of page) seen.add(id);
    });
    expect(sizes).toEqual([500, 500, 200]);
    expect(seen.size).toBe(1_200);
  });

  it('are handed over by one process at a time', async () => {
    const inside = await new Promise<boolean[]>((resolve, reject) => {
      const others: boolean[] = [];
      readModel
        .eachWaitingDelivery(query, async () => {
          others.push(await readModel.eachWaitingDelivery(query, ignore));
          others.push(await readModel.eachWaitingDelivery({ ...query, endpointId: 'many' }, ignore));
        })
        .then(() => resolve(others), reject);
    });
    expect(inside).toEqual([false, true]);
    expect(await readModel.eachWaitingDelivery(query, ignore)).toBe(true);
  });
});

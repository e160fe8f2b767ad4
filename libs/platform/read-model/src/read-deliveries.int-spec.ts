import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DeliveryAttempt } from '@headrace/contracts';
import { openDatabase, PostgresSettings } from '@headrace/postgres';
import { startPostgresDatabase, type TestDatabase } from '@headrace/testing';
import type { DataSource } from 'typeorm';
import { ReadModel } from './read-model.js';
import type { DeliveryRow, TimelineRow } from './read-model.rows.js';
import { readModelSchema } from './read-model.schema.js';

const time = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();
const project = 'p1';

const aRow = (id: string, second: number, overrides: Partial<DeliveryRow> = {}): DeliveryRow => ({
  project,
  channel: 'c1',
  sequence: second,
  id,
  endpointId: 'e1',
  url: 'https://example.com/',
  type: 'task.completed',
  status: 'planned',
  attempts: null,
  httpStatus: null,
  error: null,
  nextAttemptAt: null,
  plannedAt: time(second),
  endedAt: null,
  replayOf: null,
  ...overrides,
});

const givenUp = (id: string, second: number, overrides: Partial<DeliveryRow> = {}): DeliveryRow =>
  aRow(id, second, { status: 'error', httpStatus: 500, error: 'It broke.', endedAt: time(second), ...overrides });

const anAttempt = (number: number, responseBody = 'body'): DeliveryAttempt => ({
  number,
  startedAt: time(number),
  durationMs: 7,
  httpStatus: 500,
  error: { code: 'http_status', message: 'The endpoint answered 500.' },
  responseBody,
});

const anEvent = (sequence: number, type: string, data: object, channel = 'c1'): TimelineRow => ({
  project,
  channel,
  sequence,
  type,
  at: time(sequence),
  data,
});

describe('deliveries in the read model', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  let readModel: ReadModel;

  beforeAll(async () => {
    database = await startPostgresDatabase();
    const settings = Object.assign(new PostgresSettings(), { databaseUrl: database.url });
    dataSource = await openDatabase(settings, [readModelSchema]);
    readModel = new ReadModel(dataSource);
  });
  afterAll(async () => {
    await dataSource.destroy();
    await database.drop();
  });

  const write = (deliveries: DeliveryRow[], timeline: TimelineRow[] = []) =>
    readModel.write({ timeline, requests: [], deliveries });

  it('are found by what they are, in pages, last planned first', async () => {
    await write([
      aRow('d1', 1),
      aRow('d2', 2, { channel: 'c2', endpointId: 'e2' }),
      aRow('d3', 2, { status: 'success', replayOf: 'd1' }),
      aRow('theirs', 3, { project: 'p2' }),
      aRow('unplanned', 4, { plannedAt: null }),
    ]);
    const ids = async (filter: Parameters<ReadModel['listDeliveries']>[1]) =>
      (await readModel.listDeliveries(project, filter, { limit: 10 })).items.map(({ id }) => id);
    expect(await ids({})).toEqual(['d3', 'd2', 'd1']);
    expect(await ids({ channel: 'c1' })).toEqual(['d3', 'd1']);
    expect(await ids({ endpointId: 'e2' })).toEqual(['d2']);
    expect(await ids({ status: 'success' })).toEqual(['d3']);
    const first = await readModel.listDeliveries(project, {}, { limit: 2 });
    const second = await readModel.listDeliveries(project, {}, { limit: 2, after: first.next ?? undefined });
    expect([...first.items, ...second.items]).toMatchObject([{ id: 'd3', replayOf: 'd1' }, { id: 'd2' }, { id: 'd1' }]);
    expect(second.next).toBeNull();
  });

  it('keep whose replay they are when a later event does not tell it', async () => {
    await write([aRow('again', 5, { channel: 'c5', replayOf: 'd1' })]);
    await write([aRow('again', 6, { channel: 'c5', status: 'success', plannedAt: null })]);
    expect(await readModel.deliveries(project, 'c5')).toMatchObject([{ status: 'success', replayOf: 'd1' }]);
  });

  it('come with the attempts of each, whatever an endpoint answered', async () => {
    const tried = (deliveryId: string, attempt: DeliveryAttempt | null) => ({ deliveryId, attempt });
    await write(
      [],
      [
        anEvent(11, 'delivery.planned', { deliveryId: 'one', body: 'one' }),
        anEvent(12, 'delivery.attempted', tried('one', anAttempt(1, 'a\0b, and of two nothing'))),
        anEvent(13, 'delivery.attempted', tried('two', anAttempt(1))),
        anEvent(14, 'delivery.succeeded', tried('one', anAttempt(2))),
        anEvent(15, 'delivery.dead-lettered', tried('two', null)),
        anEvent(16, 'delivery.attempted', tried('one', anAttempt(9)), 'elsewhere'),
      ],
    );
    const wanted = ['one', 'two', 'three'].map((id) => ({ channel: 'c1', id }));
    const attempts = await readModel.deliveryAttempts(project, wanted);
    expect([...attempts].map(([id, made]) => [id, made.map(({ number }) => number)])).toEqual([
      ['one', [1, 2]],
      ['two', [1]],
      ['three', []],
    ]);
    expect(attempts.get('one')?.[0]).toEqual(anAttempt(1, 'a\0b, and of two nothing'));
    expect((await readModel.deliveryAttempts('p2', wanted)).get('one')).toEqual([]);
  });

  it('are dead letters once given up, to be found by id and by what they are', async () => {
    await write([givenUp('g1', 21), aRow('open', 22), givenUp('g2', 23, { endpointId: 'e2', type: 'task.failed' })]);
    await write([givenUp('g1', 21)]);
    expect(await readModel.deadLetter('g1')).toEqual({
      project,
      channel: 'c1',
      sequence: 21,
      id: 'g1',
      endpointId: 'e1',
      url: 'https://example.com/',
      type: 'task.completed',
      httpStatus: 500,
      error: 'It broke.',
      errorCode: null,
      endedAt: time(21),
    });
    expect(await readModel.deadLetter('open')).toBeUndefined();
    const ids = async (filter: Parameters<ReadModel['listDeadLetters']>[1]) =>
      (await readModel.listDeadLetters(project, filter, { limit: 10 })).items.map(({ id }) => id);
    expect(await ids({})).toEqual(['g2', 'g1']);
    expect(await ids({ endpointId: 'e1' })).toEqual(['g1']);
    expect(await ids({ type: 'task.failed' })).toEqual(['g2']);
    expect(await ids({ since: new Date(time(22)) })).toEqual(['g2']);
    const { next } = await readModel.listDeadLetters(project, {}, { limit: 1 });
    expect(next).toEqual({ at: new Date(time(23)), id: 'g2' });
    const rest = await readModel.listDeadLetters(project, {}, { limit: 1, after: next ?? undefined });
    expect(rest).toMatchObject({ items: [{ id: 'g1' }], next: null });
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DeliveryAttempt } from '@headrace/contracts';
import { openDatabase, PostgresSettings } from '@headrace/postgres';
import { startPostgresDatabase, type TestDatabase } from '@headrace/testing';
import type { DataSource } from 'typeorm';
import { ReadModel } from './read-model.js';
import type { TimelineRow } from './read-model.rows.js';
import { readModelSchema } from './read-model.schema.js';
import { slotMs } from './stats/endpoint-facts.js';

const begin = Date.UTC(2026, 0, 1);
const project = 'p1';
const slot = (number: number) => new Date(begin + number * slotMs);

let sequences = 0;
const anEvent = (type: string, data: object, slotNumber = 0): TimelineRow => {
  sequences += 1;
  const at = new Date(slot(slotNumber).getTime() + 60_000 + sequences).toISOString();
  return { project, channel: 'c1', sequence: sequences, type, at, data };
};

const anAttempt = (durationMs: number, overrides: Partial<DeliveryAttempt> = {}): DeliveryAttempt => ({
  number: 1,
  startedAt: slot(0).toISOString(),
  durationMs,
  httpStatus: 200,
  error: null,
  responseBody: null,
  ...overrides,
});

const status = (code: number) => ({
  httpStatus: code,
  error: { code: 'http_status', message: `The endpoint answered ${code}.` },
});
const timeout = { httpStatus: null, error: { code: 'timeout', message: 'No answer\0 came in time.' } };

describe('statistics of an endpoint', () => {
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

  const write = (timeline: readonly TimelineRow[]) => readModel.write({ timeline, requests: [], deliveries: [] });
  const planned = (endpointId: string, deliveryId: string, at = 0) =>
    anEvent('delivery.planned', { endpointId, deliveryId }, at);
  const attempted = (endpointId: string, deliveryId: string, attempt: DeliveryAttempt, at = 0) =>
    anEvent('delivery.attempted', { endpointId, deliveryId, attempt }, at);
  const succeeded = (endpointId: string, deliveryId: string, attempt: DeliveryAttempt, at = 0) =>
    anEvent('delivery.succeeded', { endpointId, deliveryId, attempt }, at);
  const deadLettered = (endpointId: string, deliveryId: string, attempt: DeliveryAttempt | null, at = 0) =>
    anEvent('delivery.dead-lettered', { endpointId, deliveryId, attempt, reason: 'All failed.' }, at);

  it('count deliveries and attempts by what came of them', async () => {
    const before = [
      planned('e1', 'd1'),
      planned('e1', 'd2'),
      planned('e1', 'd3'),
      attempted('e1', 'd1', anAttempt(80, status(500))),
      succeeded('e1', 'd1', anAttempt(40)),
      planned('e2', 'other'),
    ];
    const lastFailure = deadLettered('e1', 'd2', anAttempt(30_000, timeout));
    await write([...before, lastFailure]);
    expect(await readModel.endpointStats(project, 'e1', slot(0))).toMatchObject({
      deliveries: { success: 1, error: 1, pending: 1 },
      attempts: { success: 1, failed: 2 },
      durationMs: { p99: 30_000, max: 30_000 },
      byStatus: new Map([
        ['200', 1],
        ['500', 1],
        ['timeout', 1],
      ]),
      lastFailure: { at: lastFailure.at, httpStatus: null, error: { code: 'timeout' }, deliveryId: 'd2' },
    });
  });

  it('do not count twice what is written again, nor in another mixture', async () => {
    const first = [planned('again', 'd1'), attempted('again', 'd1', anAttempt(10, status(503)))];
    const second = [succeeded('again', 'd1', anAttempt(20))];
    await write(first);
    const before = await readModel.endpointStats(project, 'again', slot(0));
    await write(first);
    expect(await readModel.endpointStats(project, 'again', slot(0))).toEqual(before);
    await Promise.all([write([...first, ...second]), write([...second, ...first]), write([...second, ...second])]);
    expect(await readModel.endpointStats(project, 'again', slot(0))).toMatchObject({
      deliveries: { success: 1, error: 0, pending: 0 },
      attempts: { success: 1, failed: 1 },
    });
  });

  it('count nothing of a batch that cannot be stored', async () => {
    const refused = { ...anEvent('request.accepted', {}), at: 'no time' };
    await expect(write([planned('refused', 'd1'), refused])).rejects.toThrow();
    expect((await readModel.endpointStats(project, 'refused', slot(0))).deliveries.pending).toBe(0);
  });

  it('tell only of the window, but what is open and what failed last whenever it was', async () => {
    await write([
      planned('windowed', 'd1', 0),
      succeeded('windowed', 'd1', anAttempt(10), 0),
      planned('windowed', 'd2', 0),
      attempted('windowed', 'd2', anAttempt(10, status(500)), 0),
      planned('windowed', 'd3', 5),
      succeeded('windowed', 'd3', anAttempt(10), 5),
    ]);
    expect(await readModel.endpointStats(project, 'windowed', slot(1))).toMatchObject({
      deliveries: { success: 1, error: 0, pending: 1 },
      attempts: { success: 1, failed: 0 },
      lastFailure: { deliveryId: 'd2', httpStatus: 500 },
    });
  });

  it('keep the later of two failures, whichever is written last', async () => {
    const earlier = attempted('order', 'd1', anAttempt(10, status(500)));
    const later = attempted('order', 'd2', anAttempt(10, status(502)));
    await write([later]);
    await write([earlier]);
    const { lastFailure, lastSuccessAt } = await readModel.endpointStats(project, 'order', slot(0));
    expect([lastFailure?.deliveryId, lastSuccessAt]).toEqual(['d2', null]);
  });

  it('are empty for an endpoint that nothing was sent to', async () => {
    expect(await readModel.endpointStats('p2', 'e1', slot(0))).toEqual({
      deliveries: { success: 0, error: 0, pending: 0 },
      attempts: { success: 0, failed: 0 },
      durationMs: { p50: null, p95: null, p99: null, max: null },
      byStatus: new Map(),
      lastSuccessAt: null,
      lastFailure: null,
    });
  });

  it.each(['url_abc', 'lsn_abc'])('take no room for what is no registered endpoint: %s', async (id) => {
    await write([planned(id, 'd1'), succeeded(id, 'd1', anAttempt(10))]);
    expect((await readModel.endpointStats(project, id, slot(0))).attempts.success).toBe(0);
  });

  it('are forgotten when they are old', async () => {
    await write([0, 9].map((number) => succeeded('old', `d${number}`, anAttempt(10), number)));
    expect(await readModel.forgetEndpointSlots(slot(9))).toBeGreaterThan(0);
    const [row] = await dataSource.query<{ slots: string }[]>(
      `SELECT count(*) AS slots FROM endpoint_slots WHERE endpoint_id = 'old'`,
    );
    expect(row?.slots).toBe('1');
  });
});

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { HeadraceSettings } from '@headrace/config';
import type { DeliveryAttempt } from '@headrace/contracts';
import { aFailedAttempt } from '@headrace/domain/testing';
import { aProject, projectId, ProjectsInMemory, startHttp, withKeyOf, type HttpHarness } from '@headrace/http/testing';
import { ProjectStore } from '@headrace/project-store';
import { ReadModel, ReplayStore, type DeliveryRow } from '@headrace/read-model';
import { DeliveriesController } from './deliveries.controller.js';

const row: DeliveryRow = {
  project: projectId,
  channel: '0198d6a0-0000-7000-8000-00000000dddd',
  sequence: 9,
  id: 'dlv_1',
  endpointId: 'endpoint-1',
  url: 'https://receiver.test/hook',
  type: 'task.completed',
  status: 'delivering',
  attempts: 1,
  httpStatus: 500,
  error: 'The endpoint answered 500.',
  nextAttemptAt: '2026-01-01T00:00:05.000Z',
  plannedAt: '2026-01-01T00:00:00.000Z',
  endedAt: null,
  replayOf: null,
};
const next = { at: new Date('2026-01-01T00:00:00.000Z'), id: 'dlv_1' };

const timings = { dnsMs: 1.2, connectMs: 3, tlsMs: 4.5, firstByteMs: 6, totalMs: 15 };
const attempts: DeliveryAttempt[] = [
  // Recorded before timings were.
  aFailedAttempt(),
  { ...aFailedAttempt(2), responseTruncated: true, protocol: 'h2', timings },
];

let http: HttpHarness;
let asked: unknown[] = [];
let page: Awaited<ReturnType<ReadModel['listDeliveries']>> | Error;
const readModel: Partial<ReadModel> = {
  listDeliveries: (...query) => {
    asked.push(query);
    return page instanceof Error ? Promise.reject(page) : Promise.resolve(page);
  },
  deliveryAttempts: () => Promise.resolve(new Map([['dlv_1', attempts]])),
};

beforeAll(async () => {
  http = await startHttp({
    controllers: [DeliveriesController],
    providers: [
      { provide: ReadModel, useValue: readModel },
      { provide: ReplayStore, useValue: {} },
      { provide: HeadraceSettings, useValue: new HeadraceSettings() },
      { provide: ProjectStore, useValue: new ProjectsInMemory(aProject()) },
    ],
  });
});
afterAll(() => http.close());
beforeEach(() => {
  asked = [];
  page = { items: [row, { ...row, id: 'dlv_2', status: 'planned', nextAttemptAt: null, replayOf: 'dlv_1' }], next };
});

const ask = (query: string) => http.ask('GET', `/v1/deliveries${query}`, { headers: withKeyOf(projectId) });

describe('GET /v1/deliveries', () => {
  it('tells each delivery with its attempts in the words of the wire', async () => {
    const { status, body } = await ask('');
    expect(status).toBe(200);
    const target = {
      channel_id: row.channel,
      endpoint_id: 'endpoint-1',
      url: 'https://receiver.test/hook',
      type: 'task.completed',
    };
    expect(body['data']).toEqual([
      {
        id: 'dlv_1',
        ...target,
        status: 'delivering',
        attempts: [
          {
            number: 1,
            at: '2026-01-01T00:00:00.000Z',
            duration_ms: 12,
            http_status: 500,
            error: { code: 'http_status', message: 'The endpoint answered 500.' },
            response_body: 'oops',
            response_truncated: false,
            protocol: null,
            timings: null,
          },
          expect.objectContaining({
            number: 2,
            response_truncated: true,
            protocol: 'h2',
            timings: { dns_ms: 1.2, connect_ms: 3, tls_ms: 4.5, first_byte_ms: 6, total_ms: 15 },
          }),
        ],
        next_attempt_at: '2026-01-01T00:00:05.000Z',
        replay_of: null,
      },
      { id: 'dlv_2', ...target, status: 'planned', attempts: [], next_attempt_at: null, replay_of: 'dlv_1' },
    ]);
  });

  it('goes on where a page ended, and passes on what is asked for', async () => {
    const first = await ask(`?channel_id=${row.channel}&endpoint_id=url_a-B&status=error&limit=100`);
    await ask(`?cursor=${String(first.body['next_cursor'])}`);
    expect(asked).toEqual([
      [projectId, { channel: row.channel, endpointId: 'url_a-B', status: 'error' }, { limit: 100 }],
      [projectId, {}, { limit: 20, after: next }],
    ]);
  });

  it.each([
    ['limit', 'limit=101'],
    ['cursor', 'cursor=abc'],
    ['cursor', 'cursor=a&cursor=b'],
    ['status', 'status=sleeping'],
    ['channel_id', 'channel_id=%00'],
    ['endpoint_id', 'endpoint_id=%00'],
  ])('names %s in %s', async (param, query) => {
    const { status, body } = await ask(`?${query}`);
    expect([status, body.error.code, body.error.param]).toEqual([400, 'invalid_request_error', param]);
  });

  it('is 401 without a key, and 503 with Retry-After while the database is away', async () => {
    expect((await http.ask('GET', '/v1/deliveries')).status).toBe(401);
    page = Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });
    const { status, headers } = await ask('');
    expect([status, headers.get('retry-after')]).toEqual([503, '1']);
  });
});

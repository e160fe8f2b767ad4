import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { HeadraceSettings } from '@headrace/config';
import { DELIVERY_DEAD_LETTER_READER, EVENT_LOG } from '@headrace/event-log';
import { InMemoryEventLog } from '@headrace/event-log/testing';
import { aProject, projectId, ProjectsInMemory, startHttp, withKeyOf, type HttpHarness } from '@headrace/http/testing';
import { ProjectStore } from '@headrace/project-store';
import { aWebhookEndpoint } from '@headrace/project-store/testing';
import { ReadModel, ReplayStore, type NewReplay, type ReplayRow } from '@headrace/read-model';
import { DeliveryModule } from '../delivery.module.js';

const row: ReplayRow = {
  id: 'rpl_1',
  project: projectId,
  status: 'running',
  total: 2,
  planned: 0,
  succeeded: 0,
  failed: 0,
  skipped: {},
  ratePerSecond: 50,
  toEndpointId: null,
  includeReplayed: false,
  failure: null,
  createdAt: new Date('2026-01-01T00:00:00.000Z'),
  finishedAt: null,
};
const known = ['dlv_1', 'dlv_2'];
let made: NewReplay[] = [];
let away = false;
const replays: Partial<ReplayStore> = {
  known: (_project, ids) => Promise.resolve(new Set(ids.filter((id) => known.includes(id)))),
  create: (replay) => {
    made.push(replay);
    return away ? Promise.reject(Object.assign(new Error('connect'), { code: 'ECONNREFUSED' })) : Promise.resolve(row);
  },
};

let http: HttpHarness;
beforeAll(async () => {
  const endpoints = [aWebhookEndpoint(), aWebhookEndpoint({ id: 'endpoint-off', active: false })];
  http = await startHttp({
    modules: [DeliveryModule],
    providers: [
      { provide: EVENT_LOG, useValue: new InMemoryEventLog() },
      { provide: DELIVERY_DEAD_LETTER_READER, useValue: {} },
      { provide: ReadModel, useValue: {} },
      { provide: ReplayStore, useValue: replays },
      { provide: HeadraceSettings, useValue: new HeadraceSettings() },
      { provide: ProjectStore, useValue: new ProjectsInMemory(aProject({ endpoints })) },
    ],
  });
});
afterAll(() => http.close());
beforeEach(() => {
  made = [];
  away = false;
});

const replay = (body: unknown) =>
  http.ask('POST', '/v1/dead-letters/replay', {
    body,
    headers: { authorization: withKeyOf(projectId)['authorization'] ?? '' },
  });

describe('POST /v1/dead-letters/replay', () => {
  it('answers with the replay, which is worked off from then on', async () => {
    const { status, body } = await replay({ ids: ['dlv_1', 'dlv_2'] });
    expect(status).toBe(202);
    expect(body).toEqual({
      id: 'rpl_1',
      status: 'running',
      total: 2,
      ...{ planned: 0, succeeded: 0, failed: 0, pending: 0, skipped: 0, skipped_reasons: {} },
      ...{ rate_per_second: 50, to_endpoint_id: null, include_replayed: false, failure: null },
      created_at: '2026-01-01T00:00:00.000Z',
      finished_at: null,
    });
    expect(made).toMatchObject([
      {
        id: expect.stringMatching(/^rpl_[A-Za-z0-9_-]{22}$/),
        project: projectId,
        selection: { ids: ['dlv_1', 'dlv_2'] },
        ratePerSecond: 50,
      },
    ]);
  });

  it('passes every filter on, and how it is to be done', async () => {
    const channel_id = '0198d6a0-0000-7000-8000-00000000dddd';
    const filter = { endpoint_id: 'e1', channel_id, type: 'task.failed', http_status: 503, error: 'timeout' };
    const times = { since: '2100-01-01T00:00:00Z', until: '2100-01-02T00:00:00Z' };
    const how = { rate_per_second: 0.5, to_endpoint_id: 'endpoint-1', include_replayed: true };
    expect((await replay({ ...filter, ...times, ...how })).status).toBe(202);
    expect(made[0]).toMatchObject({
      selection: {
        filter: {
          ...{ endpointId: 'e1', channel: channel_id, type: 'task.failed', httpStatus: 503, error: 'timeout' },
          ...{ since: new Date(times.since), until: new Date(times.until) },
        },
      },
      ...{ ratePerSecond: 0.5, toEndpointId: 'endpoint-1', includeReplayed: true },
    });
  });

  it('takes everything that is still kept only when that is said', async () => {
    expect((await replay({ all: true })).status).toBe(202);
    expect(Object.keys(made[0]?.selection.filter ?? {})).toEqual(['since']);
    const { status, body } = await replay({});
    expect([status, body.error.param]).toEqual([400, 'all']);
    expect(body.error.message).toContain('{"all": true}');
  });

  it.each([
    ['ids.1', { ids: ['dlv_1', 'dlv_none', 'dlv_2'] }],
    ['ids.0', { ids: [7] }],
    ['ids.1', { ids: ['dlv_1', 'a b'] }],
    ['ids', { ids: [] }],
    ['ids', { ids: 'dlv_1' }],
    ['ids', { ids: Array.from({ length: 1_001 }, (_, index) => `dlv_${index}`) }],
    ['ids', { ids: ['dlv_1'], endpoint_id: 'e1' }],
    ['ids', { ids: ['dlv_1'], all: true }],
    ['all', { all: true, type: 'task.failed' }],
    ['all', { all: false }],
    ['all', { all: 'yes' }],
    ['all', { endpoint: 'a misspelt filter' }],
    ['endpoint_id', { endpoint_id: 'a b' }],
    ['channel_id', { channel_id: '1' }],
    ['type', { type: 'task.started' }],
    ['http_status', { http_status: 99 }],
    ['http_status', { http_status: '500' }],
    ['error', { error: 'not a code' }],
    ['since', { since: 'yesterday' }],
    ['until', { until: 5 }],
    ['until', { since: '2026-01-02', until: '2026-01-01' }],
    ['rate_per_second', { all: true, rate_per_second: 0 }],
    ['rate_per_second', { all: true, rate_per_second: 1_001 }],
    ['rate_per_second', { all: true, rate_per_second: '5' }],
    ['to_endpoint_id', { all: true, to_endpoint_id: 'endpoint-9' }],
    ['to_endpoint_id', { all: true, to_endpoint_id: 'endpoint-off' }],
    ['include_replayed', { all: true, include_replayed: 1 }],
  ])('names %s in %j', async (param, body) => {
    const answer = await replay(body);
    expect([answer.status, answer.body.error.code, answer.body.error.param]).toEqual([
      400,
      'invalid_request_error',
      param,
    ]);
    expect(made).toEqual([]);
  });

  it('is 401 without a key, and 503 while the database is away', async () => {
    expect((await http.ask('POST', '/v1/dead-letters/replay', { body: { all: true } })).status).toBe(401);
    away = true;
    expect((await replay({ all: true })).status).toBe(503);
  });
});

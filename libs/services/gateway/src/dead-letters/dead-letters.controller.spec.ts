import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { HeadraceSettings } from '@headrace/config';
import { aFailedAttempt, aPlannedDelivery } from '@headrace/domain/testing';
import { DELIVERY_DEAD_LETTER_READER, EVENT_LOG, EventLogUnavailable, type KeptDelivery } from '@headrace/event-log';
import { InMemoryEventLog } from '@headrace/event-log/testing';
import { aProject, projectId, ProjectsInMemory, startHttp, withKeyOf, type HttpHarness } from '@headrace/http/testing';
import { ProjectStore } from '@headrace/project-store';
import { aWebhookEndpoint } from '@headrace/project-store/testing';
import { ReadModel, ReplayStore, type DeadLetterRow, type LastReplay } from '@headrace/read-model';
import { DeliveryModule } from '../delivery.module.js';

const otherProject = '0198d6a0-0000-7000-8000-000000000002';
const channel = '0198d6a0-0000-7000-8000-00000000dddd';
const endpoint = aWebhookEndpoint();
const planned = aPlannedDelivery({ callbackUrl: 'https://headrace.test/v1/callback/c' });
const { deliveryId, endpointId, url, webhookType } = planned;
const end = {
  ...{ deliveryId, endpointId, url, webhookType },
  attempt: aFailedAttempt(2),
  reason: 'All 2 attempts failed.',
};
const deadLetterDays = 7;
const cause = { id: 'planned-1', traceParent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01' };
const row: DeadLetterRow = {
  project: projectId,
  channel,
  sequence: 7,
  id: deliveryId,
  endpointId,
  url,
  type: webhookType,
  httpStatus: 500,
  error: 'The endpoint answered 500.',
  errorCode: 'http_status',
  endedAt: '2026-01-01T04:00:00.000Z',
};

let http: HttpHarness;
let log: InMemoryEventLog;
let kept: KeptDelivery | undefined;
let asked: unknown[] = [];
let replays: [string, LastReplay][] = [];
const readModel: Partial<ReadModel> = {
  listDeadLetters: (...query) => {
    asked.push(query);
    return Promise.resolve({ items: [row], next: { at: new Date(row.endedAt), id: row.id } });
  },
  lastReplays: () => Promise.resolve(new Map(replays)),
  deadLetter: (id) => Promise.resolve(id === row.id ? row : undefined),
  deliveryAttempts: () => Promise.resolve(new Map([[row.id, [aFailedAttempt(1), aFailedAttempt(2)]]])),
};

async function start(using: InMemoryEventLog, endpoints = [endpoint]): Promise<HttpHarness> {
  const projects = new ProjectsInMemory(aProject({ endpoints }), aProject({ id: otherProject }));
  return startHttp({
    modules: [DeliveryModule],
    providers: [
      { provide: EVENT_LOG, useValue: using },
      { provide: DELIVERY_DEAD_LETTER_READER, useValue: { find: () => Promise.resolve(kept) } },
      { provide: ReadModel, useValue: readModel },
      { provide: ReplayStore, useValue: {} },
      { provide: HeadraceSettings, useValue: Object.assign(new HeadraceSettings(), { deadLetterDays }) },
      { provide: ProjectStore, useValue: projects },
    ],
  });
}

beforeAll(async () => {
  log = new InMemoryEventLog();
  http = await start(log);
});
afterAll(() => http.close());
beforeEach(() => {
  kept = { planned, end, cause };
  asked = [];
  replays = [];
});

const ask = (method: string, path: string, project = projectId) =>
  http.ask(method, `/v1/dead-letters${path}`, {
    headers: { authorization: withKeyOf(project)['authorization'] ?? '' },
  });

describe('GET /v1/dead-letters', () => {
  it('tells what was given up and how long it is kept', async () => {
    const { status, body } = await ask('GET', '');
    expect(status).toBe(200);
    expect(body['data']).toEqual([
      {
        id: 'dlv_1',
        channel_id: channel,
        endpoint_id: 'endpoint-1',
        url: 'https://receiver.test/hook',
        type: 'task.completed',
        http_status: 500,
        error: 'The endpoint answered 500.',
        error_code: 'http_status',
        dead_lettered_at: '2026-01-01T04:00:00.000Z',
        expires_at: '2026-01-08T04:00:00.000Z',
        replayed: false,
        last_replay: null,
      },
    ]);
  });

  it('asks only for what is kept, page by page', async () => {
    const first = await ask('GET', '?endpoint_id=e1&type=task.failed&since=2100-01-01T00:00:00Z&limit=5');
    await ask('GET', `?cursor=${String(first.body['next_cursor'])}&since=2020-01-01`);
    const later = { limit: 20, after: { at: new Date(row.endedAt), id: row.id } };
    expect(asked).toEqual([
      [projectId, { endpointId: 'e1', type: 'task.failed', since: new Date('2100-01-01T00:00:00Z') }, { limit: 5 }],
      [projectId, { since: expect.any(Date) }, later],
    ]);
    const { since } = (asked[1] as [string, { since: Date }])[1];
    expect(since.getTime()).toBeGreaterThan(Date.now() - 7.01 * 86_400_000);
  });

  it('passes every filter on', async () => {
    await ask(
      'GET',
      `?channel_id=${channel}&http_status=503&error=timeout&until=2100-01-02&since=2100-01-01&replayed=false`,
    );
    const times = { since: new Date('2100-01-01'), until: new Date('2100-01-02') };
    expect(asked).toEqual([
      [projectId, { channel, httpStatus: 503, error: 'timeout', replayed: false, ...times }, { limit: 20 }],
    ]);
  });

  it('tells how a letter was last replayed', async () => {
    const plannedAt = new Date('2026-01-02T00:00:00.000Z');
    replays = [['dlv_1', { id: 'dlv_9', endpointId: 'endpoint-2', status: 'success', plannedAt }]];
    const { body } = await ask('GET', '');
    expect(body['data']).toMatchObject([
      {
        replayed: true,
        last_replay: {
          id: 'dlv_9',
          endpoint_id: 'endpoint-2',
          status: 'success',
          planned_at: '2026-01-02T00:00:00.000Z',
        },
      },
    ]);
  });

  it.each([
    ['since', 'since=yesterday'],
    ['since', 'since=2026-13-01'],
    ['since', 'since=2026-01-01&since=2026-01-02'],
    ['until', 'until=tomorrow'],
    ['channel_id', 'channel_id=1'],
    ['http_status', 'http_status=6'],
    ['error', 'error=a%20b'],
    ['replayed', 'replayed=yes'],
    ['type', 'type=task.started'],
    ['limit', 'limit=0'],
    ['cursor', 'cursor=%00'],
  ])('names %s in %s', async (param, query) => {
    const { status, body } = await ask('GET', `?${query}`);
    expect([status, body.error.param]).toEqual([400, param]);
  });
});

describe('GET /v1/dead-letters/{id}', () => {
  it('tells the payload byte for byte, the headers of the last attempt and every attempt', async () => {
    const { status, body } = await ask('GET', '/dlv_1');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      id: 'dlv_1',
      message_id: 'msg_1',
      reason: 'All 2 attempts failed.',
      replay_of: null,
      payload: planned.body,
      attempts: [
        { number: 1, http_status: 500, response_body: 'oops' },
        { number: 2, http_status: 500 },
      ],
    });
    expect(body['headers']).toEqual({
      'Content-Type': 'application/json',
      'mr-timestamp': '1767225600',
      'X-ModelRiver-Timestamp': '1767225600',
      'mr-channel-id': channel,
      'X-ModelRiver-Webhook-Id': 'endpoint-1',
      'X-ModelRiver-Callback-Url': 'https://headrace.test/v1/callback/c',
      'webhook-id': 'msg_1',
      'webhook-timestamp': '1767225600',
      'mr-delivery-id': 'dlv_1',
      'mr-attempt': '2',
    });
  });

  it('has the payload from the log while the letter is not kept yet', async () => {
    kept = undefined;
    expect((await ask('GET', '/dlv_1')).status).toBe(404);
    const address = { project: projectId, channel, aggregate: 'delivery', key: 'dlv_1' };
    const fresh = new InMemoryEventLog();
    await fresh.append(address, { type: 'delivery.planned', data: planned });
    await fresh.append(address, { type: 'delivery.dead-lettered', data: end });
    const gateway = await start(fresh);
    const { body } = await gateway.ask('GET', '/v1/dead-letters/dlv_1', { headers: withKeyOf(projectId) });
    await gateway.close();
    expect(body).toMatchObject({ payload: planned.body, reason: end.reason });
  });

  it.each([
    ['GET', '/dlv_9'],
    ['GET', '/dlv%2E1'],
    ['GET', '/%00'],
    ['POST', '/dlv_9/replay'],
  ])('answers 404 to %s %s', async (method, path) => {
    const { status, body } = await ask(method, path);
    expect([status, body.error.code]).toEqual([404, 'not_found']);
  });

  it("is nobody else's", async () => {
    for (const [method, path] of [
      ['GET', '/dlv_1'],
      ['POST', '/dlv_1/replay'],
    ] as const) {
      expect((await ask(method, path, otherProject)).status).toBe(403);
      expect((await http.ask(method, `/v1/dead-letters${path}`)).status).toBe(401);
    }
  });
});

describe('POST /v1/dead-letters/{id}/replay', () => {
  it('plans a delivery of its own in the trace of the request', async () => {
    const { status, body } = await ask('POST', '/dlv_1/replay');
    expect(status).toBe(201);
    const id = String(body['id']);
    expect(id).toMatch(/^dlv_[A-Za-z0-9_-]{22}$/);
    expect(body).toMatchObject({ channel_id: channel, status: 'planned', attempts: [], replay_of: 'dlv_1' });
    const [event] = await log.read({ project: projectId, channel, aggregate: 'delivery', key: id });
    expect(event).toMatchObject({
      type: 'delivery.planned',
      causationId: 'planned-1',
      traceParent: cause.traceParent,
      data: { ...planned, deliveryId: id, replayOf: 'dlv_1', plannedAt: expect.any(String) },
    });
  });

  it('made twice at once makes two deliveries under one message id', async () => {
    const answers = await Promise.all([ask('POST', '/dlv_1/replay'), ask('POST', '/dlv_1/replay')]);
    const ids = answers.map(({ body }) => String(body['id']));
    expect(new Set(ids).size).toBe(2);
    for (const key of ids) {
      const [event] = await log.read({ project: projectId, channel, aggregate: 'delivery', key });
      expect(event?.data).toMatchObject({ messageId: 'msg_1', body: planned.body });
    }
  });

  it('is 409 while the endpoint is switched off, and plans nothing', async () => {
    const empty = new InMemoryEventLog();
    const gateway = await start(empty, [{ ...endpoint, active: false }]);
    const { status, body } = await gateway.ask('POST', '/v1/dead-letters/dlv_1/replay', {
      headers: { authorization: withKeyOf(projectId)['authorization'] ?? '' },
    });
    await gateway.close();
    expect([status, body.error.code]).toEqual([409, 'replay_not_possible']);
    expect(empty.all).toEqual([]);
  });

  it('is 503 when it is not known to be durable', async () => {
    const away = new InMemoryEventLog();
    away.append = () => Promise.reject(new EventLogUnavailable('No answer.'));
    const gateway = await start(away);
    const { status } = await gateway.ask('POST', '/v1/dead-letters/dlv_1/replay', {
      headers: { authorization: withKeyOf(projectId)['authorization'] ?? '' },
    });
    await gateway.close();
    expect(status).toBe(503);
  });
});

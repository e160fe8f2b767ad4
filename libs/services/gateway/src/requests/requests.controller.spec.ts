import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RequestEvent } from '@headrace/contracts';
import { aCallback, aGeneration, anAcceptedRequest, anOutput } from '@headrace/domain/testing';
import { InMemoryEventLog } from '@headrace/event-log/testing';
import { aProject, projectId, ProjectsInMemory, withKeyOf, type HttpHarness } from '@headrace/http/testing';
import type { ReadModel, RequestRow } from '@headrace/read-model';
import { startGateway } from '../testing/gateway.harness.js';

const otherProject = '0198d6a0-0000-7000-8000-000000000002';
const log = new InMemoryEventLog();
const projects = new ProjectsInMemory(aProject(), aProject({ id: otherProject }));
let http: HttpHarness;
let channels = 0;

beforeAll(async () => {
  http = await startGateway(log, projects);
});
afterAll(() => http.close());

const accepted = anAcceptedRequest({ eventName: 'ready' });
const { context } = accepted;
const outcome = { context, generation: aGeneration(), output: anOutput() };
const events = {
  accepted: { type: 'request.accepted', data: accepted },
  generated: {
    type: 'request.generated',
    data: { ...outcome, generatedAt: '2026-01-01T00:00:01.000Z', callbackDeadline: '2026-01-01T00:05:00.000Z' },
  },
  completed: {
    type: 'request.completed',
    data: { ...outcome, callback: aCallback(), completedAt: '2026-01-01T00:00:03.000Z' },
  },
  failed: {
    type: 'request.failed',
    data: {
      ...outcome,
      code: 'callback_timeout',
      message: 'Too late.',
      details: {},
      callback: null,
      failedAt: '2026-01-01T00:05:00.000Z',
    },
  },
} satisfies Record<string, RequestEvent>;

async function channelWith(...history: readonly RequestEvent[]): Promise<string> {
  channels += 1;
  const channel = `0198d6a0-0000-7000-9000-${String(channels).padStart(12, '0')}`;
  for (const event of history) await log.append({ project: projectId, channel, aggregate: 'request' }, event);
  return channel;
}

const show = (channel: string, project = projectId) =>
  http.ask('GET', `/v1/requests/${channel}`, { headers: withKeyOf(project) });

describe('GET /v1/requests/{channel_id}', () => {
  it('tells of a request that was accepted', async () => {
    const channel = await channelWith(events.accepted);
    const { status, body } = await show(channel);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      channel_id: channel,
      project_id: projectId,
      state: 'pending',
      workflow: 'demo',
      workflow_version: null,
      event_name: 'ready',
      environment: 'live',
      result: null,
      customer_data: { user: 'u1' },
      created_at: context.acceptedAt,
      ended_at: null,
    });
    expect(body['timeline']).not.toHaveLength(0);
  });

  it('tells which version of the workflow it was resolved with, there and in the timeline', async () => {
    const { body } = await show(
      await channelWith({
        ...events.accepted,
        data: { ...accepted, context: { ...context, workflowVersion: 7 } },
      }),
    );
    expect(body).toMatchObject({ workflow_version: 7, timeline: [{ kind: 'request', workflow_version: 7 }] });
  });

  it('has no result yet while the backend works', async () => {
    const { body } = await show(await channelWith(events.accepted, events.generated));
    expect(body).toMatchObject({ state: 'ai_generated', result: null, ended_at: null });
  });

  it("has the final frame's payload as its result", async () => {
    const { body } = await show(await channelWith(events.accepted, events.generated, events.completed));
    expect(body).toMatchObject({
      state: 'completed',
      result: { status: 'completed', data: { id: 'row-1' }, ai_response: { data: { answer: 42 } } },
      ended_at: '2026-01-01T00:00:03.000Z',
    });
  });

  it('tells why a request failed', async () => {
    const { body } = await show(await channelWith(events.accepted, events.generated, events.failed));
    expect(body).toMatchObject({
      state: 'error',
      result: { status: 'error', error: { code: 'callback_timeout' } },
      ended_at: '2026-01-01T00:05:00.000Z',
    });
  });

  it('tells from the read model what the log has forgotten', async () => {
    const channel = '0198d6a0-0000-7000-8000-00000000eeee';
    const time = '2026-01-01T00:00:00.000Z';
    const kept = [events.accepted, events.generated, events.completed].map((event, index) => ({
      ...event,
      sequence: index + 1,
      time,
    }));
    const gateway = await startGateway(new InMemoryEventLog(), projects, { timeline: () => Promise.resolve(kept) });
    const { status, body } = await gateway.ask('GET', `/v1/requests/${channel}`, { headers: withKeyOf(projectId) });
    await gateway.close();
    expect(status).toBe(200);
    expect(body).toMatchObject({ state: 'completed', result: { data: { id: 'row-1' } } });
  });

  it.each([
    ['an unknown channel', '0198d6a0-0000-7000-8000-00000000ffff'],
    ['what is no channel id', 'not-a-channel'],
  ])('answers 404 for %s', async (_, channel) => {
    const { status, body } = await show(channel);
    expect(status).toBe(404);
    expect(body.error.code).toBe('not_found');
  });

  it("answers 403 for another project's channel and 401 without a key", async () => {
    const channel = await channelWith(events.accepted);
    expect((await show(channel, otherProject)).status).toBe(403);
    expect((await http.ask('GET', `/v1/requests/${channel}`)).status).toBe(401);
  });
});

const row: RequestRow = {
  project: projectId,
  channel: '0198d6a0-0000-7000-8000-00000000dddd',
  sequence: 9,
  state: 'failed',
  workflow: 'demo',
  workflowVersion: 3,
  eventName: null,
  environment: 'live',
  testMode: false,
  provider: 'offline',
  model: 'any',
  promptTokens: 3,
  completionTokens: null,
  costUsd: null,
  durationMs: 12,
  offlineFallback: false,
  failureCode: 'provider_failed',
  failureMessage: 'It is down.',
  customerData: { user: 'u1' },
  acceptedAt: '2026-01-01T00:00:00.000Z',
  generatedAt: null,
  endedAt: '2026-01-01T00:00:01.000Z',
};

describe('GET /v1/requests', () => {
  const position = { acceptedAt: new Date(row.acceptedAt), channel: row.channel };

  it('lists requests in the words of the wire, page by page', async () => {
    const asked: unknown[] = [];
    const listRequests: ReadModel['listRequests'] = (...query) => {
      asked.push(query);
      const good = { ...row, state: 'completed', failureCode: null, failureMessage: null };
      const items = [row, good, { ...good, eventName: 'ready' }, { ...good, state: 'accepted' }];
      return Promise.resolve({ items, next: position });
    };
    const gateway = await startGateway(log, projects, { listRequests });
    const ask = (query: string) => gateway.ask('GET', `/v1/requests${query}`, { headers: withKeyOf(projectId) });
    const first = await ask('?limit=4&state=error&workflow=demo&event_name=e&environment=live');
    const second = await ask(`?cursor=${String(first.body['next_cursor'])}`);
    await gateway.close();
    expect(second.status).toBe(200);
    const data = first.body['data'] as Record<string, unknown>[];
    expect(data.map(({ state }) => state)).toEqual(['error', 'success', 'completed', 'pending']);
    expect(data[0]).toMatchObject({
      channel_id: row.channel,
      workflow_version: 3,
      error: { code: 'provider_failed', message: 'It is down.' },
      tokens: { prompt: 3, completion: null },
      created_at: row.acceptedAt,
    });
    const filter = {
      states: ['failed'],
      exceptFailureCode: 'cancelled',
      workflow: 'demo',
      eventName: 'e',
      environments: ['live'],
    };
    expect(asked).toEqual([
      [projectId, filter, { limit: 4 }],
      [projectId, {}, { limit: 20, after: position }],
    ]);
  });

  it.each([
    ['limit', 'limit=0'],
    ['limit', 'limit=1000'],
    ['limit', 'limit=1&limit=2'],
    ['cursor', 'cursor=abc'],
    ['state', 'state=sleeping'],
    ['environment', 'environment=moon'],
  ])('names %s in %s', async (param, query) => {
    const { status, body } = await http.ask('GET', `/v1/requests?${query}`, { headers: withKeyOf(projectId) });
    expect(status).toBe(400);
    expect(body.error).toMatchObject({ code: 'invalid_request_error', param });
  });

  it('is 503 with Retry-After when the database is away', async () => {
    const away = Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });
    const gateway = await startGateway(log, projects, { listRequests: () => Promise.reject(away) });
    const { status, headers } = await gateway.ask('GET', '/v1/requests', { headers: withKeyOf(projectId) });
    await gateway.close();
    expect(status).toBe(503);
    expect(headers.get('retry-after')).toBe('1');
  });
});

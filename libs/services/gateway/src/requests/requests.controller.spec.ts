import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RequestEvent } from '@headrace/contracts';
import { aCallback, aGeneration, anAcceptedRequest, anOutput } from '@headrace/domain/testing';
import { InMemoryEventLog } from '@headrace/event-log/testing';
import { aProject, projectId, ProjectsInMemory, withKeyOf, type HttpHarness } from '@headrace/http/testing';
import { startGateway } from '../testing/gateway.harness.js';

const otherProject = '0198d6a0-0000-7000-8000-000000000002';
const log = new InMemoryEventLog();
let http: HttpHarness;
let channels = 0;

beforeAll(async () => {
  http = await startGateway(log, new ProjectsInMemory(aProject(), aProject({ id: otherProject })));
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
      event_name: 'ready',
      environment: 'live',
      result: null,
      customer_data: { user: 'u1' },
      created_at: context.acceptedAt,
      ended_at: null,
    });
    expect(body['timeline']).not.toHaveLength(0);
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

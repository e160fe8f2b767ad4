import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RequestEvent } from '@headrace/contracts';
import { requestDecider } from '@headrace/domain';
import { aCallback, aGeneration, anAcceptedRequest, anOutput } from '@headrace/domain/testing';
import { handleCommand } from '@headrace/event-log';
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
const outcome = { context: accepted.context, generation: aGeneration(), output: anOutput() };
const generated: RequestEvent = {
  type: 'request.generated',
  data: { ...outcome, generatedAt: '2026-01-01T00:00:01.000Z', callbackDeadline: '2026-01-01T00:05:00.000Z' },
};
const completed: RequestEvent = {
  type: 'request.completed',
  data: { ...outcome, callback: aCallback(), completedAt: '2026-01-01T00:00:03.000Z' },
};

const addressOf = (channel: string) => ({ project: projectId, channel, aggregate: 'request' });

async function channelWith(...later: readonly RequestEvent[]): Promise<string> {
  channels += 1;
  const channel = `0198d6a0-0000-7000-9000-${String(channels).padStart(12, '0')}`;
  await log.append(addressOf(channel), { type: 'request.accepted', data: accepted });
  for (const event of later) await log.append(addressOf(channel), event);
  return channel;
}

const cancel = (channel: string, project = projectId) =>
  http.ask('POST', `/v1/requests/${channel}/cancel`, { headers: withKeyOf(project) });
const show = async (channel: string) =>
  (await http.ask('GET', `/v1/requests/${channel}`, { headers: withKeyOf(projectId) })).body;
const endsOf = async (channel: string) =>
  (await log.read(addressOf(channel))).filter(({ type }) => type !== 'request.accepted').map(({ type }) => type);

describe('POST /v1/requests/{channel_id}/cancel', () => {
  it('ends a request that waits for its answer', async () => {
    const channel = await channelWith();
    const { status, body } = await cancel(channel);
    expect(status).toBe(200);
    expect(body).toEqual({
      message: 'success',
      status: 'cancelled',
      channel_id: channel,
      cancelled_at: expect.any(String),
    });
    expect(await log.last(addressOf(channel))).toMatchObject({
      type: 'request.failed',
      data: { code: 'cancelled', generation: null, failedAt: body['cancelled_at'] },
    });
  });

  it('ends a request that waits for its callback, and keeps what the AI said', async () => {
    const channel = await channelWith(generated);
    expect((await cancel(channel)).status).toBe(200);
    expect(await log.last(addressOf(channel))).toMatchObject({
      type: 'request.failed',
      data: { code: 'cancelled', output: anOutput() },
    });
  });

  it('is told as cancelled, with the frame of a failure that clients know', async () => {
    const channel = await channelWith();
    const { body } = await cancel(channel);
    expect(await show(channel)).toMatchObject({
      state: 'cancelled',
      result: { status: 'error', error: { code: 'cancelled' }, meta: { status: 'error' } },
      ended_at: body['cancelled_at'],
      timeline: [{ kind: 'request', status: 'cancelled', color: 'gray', error: { code: 'cancelled' } }],
    });
  });

  it('tells in the timeline that nobody waits for the callback any more', async () => {
    const channel = await channelWith(generated);
    const { body } = await cancel(channel);
    expect(await show(channel)).toMatchObject({
      state: 'cancelled',
      timeline: [
        { kind: 'request', status: 'success' },
        { kind: 'callback', status: 'cancelled', color: 'gray', at: body['cancelled_at'] },
      ],
    });
  });

  it('answers the same when it is asked again, and decides nothing', async () => {
    const channel = await channelWith();
    const first = await cancel(channel);
    const second = await cancel(channel);
    expect(second).toMatchObject({ status: 200, body: first.body });
    expect(await endsOf(channel)).toEqual(['request.failed']);
  });

  it('ends the request once when many cancel it and an answer comes at the same moment', async () => {
    const channel = await channelWith();
    const at = new Date().toISOString();
    const generation = handleCommand(log, requestDecider, addressOf(channel), {
      type: 'recordGeneration',
      generation: aGeneration(),
      output: anOutput(),
      at,
      callbackDeadline: at,
    });
    const answers = await Promise.all(Array.from({ length: 5 }, () => cancel(channel)));
    await generation;
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect((await endsOf(channel)).filter((type) => type === 'request.failed')).toHaveLength(1);
  });

  it('is 409 for a request that has ended otherwise', async () => {
    const channel = await channelWith(generated, completed);
    const { status, body } = await cancel(channel);
    expect(status).toBe(409);
    expect(body.error).toMatchObject({ type: 'conflict_error', code: 'request_ended' });
    expect(body.message).toContain('completed at 2026-01-01T00:00:03.000Z');
  });

  it.each([
    ['an unknown channel', '0198d6a0-0000-7000-8000-00000000ffff'],
    ['what is no channel id', 'not-a-channel'],
  ])('answers 404 for %s', async (_, channel) => {
    const { status, body } = await cancel(channel);
    expect(status).toBe(404);
    expect(body.error.code).toBe('not_found');
  });

  it("answers 404 for another project's channel and leaves it alone, and 401 without a key", async () => {
    const channel = await channelWith();
    expect((await cancel(channel, otherProject)).status).toBe(404);
    expect((await http.ask('POST', `/v1/requests/${channel}/cancel`)).status).toBe(401);
    expect(await endsOf(channel)).toEqual([]);
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RequestContext, RequestEvent } from '@headrace/contracts';
import { aGeneration, anAcceptedRequest, anOutput } from '@headrace/domain/testing';
import { EVENT_LOG, EventLogUnavailable, type EventLog } from '@headrace/event-log';
import { InMemoryEventLog } from '@headrace/event-log/testing';
import { aProject, projectId, ProjectsInMemory, startHttp, withKeyOf, type HttpHarness } from '@headrace/http/testing';
import { ProjectStore } from '@headrace/project-store';
import { CallbackModule } from './callback.module.js';

const otherProject = '0198d6a0-0000-7000-8000-000000000002';
const log = new InMemoryEventLog();
let http: HttpHarness;
let channels = 0;

const start = (eventLog: EventLog) =>
  startHttp({
    modules: [CallbackModule],
    providers: [
      { provide: EVENT_LOG, useValue: eventLog },
      { provide: ProjectStore, useValue: new ProjectsInMemory(aProject(), aProject({ id: otherProject })) },
    ],
  });

beforeAll(async () => {
  http = await start(log);
});
afterAll(() => http.close());

const address = (channel: string) => ({ project: projectId, channel, aggregate: 'request' });

async function anAcceptedChannel(overrides: Partial<RequestContext> = { eventName: 'ready' }): Promise<string> {
  channels += 1;
  const channel = `0198d6a0-0000-7000-a000-${String(channels).padStart(12, '0')}`;
  await log.append(address(channel), { type: 'request.accepted', data: anAcceptedRequest(overrides) });
  return channel;
}

/** A channel whose AI has answered, so that it waits for its callback. */
async function aWaitingChannel(): Promise<string> {
  const channel = await anAcceptedChannel();
  const generated: RequestEvent = {
    type: 'request.generated',
    data: {
      context: anAcceptedRequest({ eventName: 'ready' }).context,
      generation: aGeneration(),
      output: anOutput(),
      generatedAt: '2026-01-01T00:00:01.000Z',
      callbackDeadline: '2026-01-01T00:05:00.000Z',
    },
  };
  await log.append(address(channel), generated);
  return channel;
}

async function endedBy(channel: string, end: Partial<Extract<RequestEvent, { type: 'request.failed' }>['data']>) {
  const data = {
    context: anAcceptedRequest({ eventName: 'ready' }).context,
    code: 'callback_timeout',
    message: 'Too late.',
    details: {},
    generation: aGeneration(),
    output: anOutput(),
    callback: null,
    failedAt: '2026-01-01T00:05:00.000Z',
    ...end,
  };
  await log.append(address(channel), { type: 'request.failed', data });
}

const call = (channel: string, body: unknown, headers: Record<string, string> = withKeyOf(projectId)) =>
  http.ask('POST', `/v1/callback/${channel}`, { body, headers });

const typesOf = async (channel: string) => (await log.readChannel(projectId, channel)).map(({ type }) => type);

describe('the first good callback', () => {
  it('completes the request with its data', async () => {
    const channel = await aWaitingChannel();
    const { status, body } = await call(channel, { data: { id: 7 }, task_id: 't1', metadata: { by: 'w' } });
    expect(status).toBe(200);
    expect(body).toEqual({ message: 'success', status: 'success', channel_id: channel });
    const last = await log.last(address(channel));
    expect(last).toMatchObject({
      type: 'request.completed',
      data: { callback: { data: { id: 7 }, taskId: 't1', metadata: { by: 'w' } }, output: { data: { answer: 42 } } },
    });
  });

  it('fails the request when it reports an error', async () => {
    const channel = await aWaitingChannel();
    const { status, body } = await call(channel, { error: 'no_stock', message: 'Sold out.' });
    expect(status).toBe(200);
    expect(body).toEqual({ message: 'success', status: 'success', channel_id: channel });
    const last = await log.last(address(channel));
    expect(last).toMatchObject({
      type: 'request.failed',
      data: { code: 'callback_error', message: 'Sold out.', details: { error: 'no_stock' } },
    });
  });

  it('is the same under /api/v1', async () => {
    const channel = await aWaitingChannel();
    const options = { body: { data: {} }, headers: withKeyOf(projectId) };
    const { body } = await http.ask('POST', `/api/v1/callback/${channel}`, options);
    expect(body['status']).toBe('success');
  });
});

describe('a callback after the first', () => {
  it('is taken as done when it has the same body', async () => {
    const channel = await aWaitingChannel();
    await call(channel, { data: { id: 7 } });
    const { status, body } = await call(channel, { data: { id: 7 } });
    expect(status).toBe(200);
    expect(body).toEqual({ message: 'success', status: 'already_completed', channel_id: channel });
    expect(await typesOf(channel)).toEqual(['request.accepted', 'request.generated', 'request.completed']);
  });

  it('is refused when it has another body, and kept for the timeline', async () => {
    const channel = await aWaitingChannel();
    await call(channel, { data: { id: 7 } });
    const { status, body } = await call(channel, { data: { id: 8 } });
    expect(status).toBe(409);
    expect(body.error).toMatchObject({ type: 'conflict_error', code: 'callback_already_received' });
    const refused = (await log.readChannel(projectId, channel)).at(-1);
    expect(refused).toMatchObject({
      type: 'callback.refused',
      data: { code: 'callback_already_received', body: { data: { id: 8 } } },
    });
  });

  it('is kept once, however often it is sent', async () => {
    const channel = await aWaitingChannel();
    await call(channel, { data: { id: 7 } });
    await call(channel, { data: { id: 8 } });
    await call(channel, { data: { id: 8 } });
    expect((await typesOf(channel)).filter((type) => type === 'callback.refused')).toHaveLength(1);
  });

  it('leaves exactly one end, whatever races', async () => {
    const channel = await aWaitingChannel();
    const bodies = Array.from({ length: 12 }, (_, index) => ({ data: { id: index % 3 } }));
    const answers = await Promise.all(bodies.map((body) => call(channel, body)));
    const outcomes = answers.map(({ status, body }) => (status === 200 ? String(body['status']) : body.error.code));
    expect(outcomes.filter((outcome) => outcome === 'success')).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome === 'already_completed')).toHaveLength(3);
    expect(outcomes.filter((outcome) => outcome === 'callback_already_received')).toHaveLength(8);
    expect((await typesOf(channel)).filter((type) => type === 'request.completed')).toHaveLength(1);
  });
});

describe('a callback that nobody waits for', () => {
  it('is 410 after the timeout, and kept for the timeline', async () => {
    const channel = await aWaitingChannel();
    await endedBy(channel, { code: 'callback_timeout' });
    const { status, body } = await call(channel, { data: {} });
    expect(status).toBe(410);
    expect(body.error).toMatchObject({ type: 'gone_error', code: 'callback_expired' });
    expect((await typesOf(channel)).at(-1)).toBe('callback.refused');
  });

  it('is 409 when the request is not event-driven', async () => {
    const channel = await anAcceptedChannel({ eventName: null });
    const data = {
      context: anAcceptedRequest().context,
      generation: aGeneration(),
      output: anOutput(),
      callback: null,
      completedAt: '2026-01-01T00:00:02.000Z',
    };
    await log.append(address(channel), { type: 'request.completed', data });
    const { status, body } = await call(channel, { data: {} });
    expect(status).toBe(409);
    expect(body.error).toMatchObject({ type: 'conflict_error', code: 'callback_not_expected' });
  });

  it('is 409 while the AI has not answered', async () => {
    const { status, body } = await call(await anAcceptedChannel(), { data: {} });
    expect(status).toBe(409);
    expect(body.error.code).toBe('callback_not_expected');
  });

  it('is 409 when the AI failed', async () => {
    const channel = await anAcceptedChannel();
    await endedBy(channel, { code: 'provider_failed', output: null });
    const { body } = await call(channel, { data: {} });
    expect(body.error.code).toBe('callback_not_expected');
  });
});

describe('a callback that is not good', () => {
  it.each([
    ['data', {}],
    ['data', { data: 'text' }],
    ['error', { error: 5 }],
  ])('is 400 and names %s: %j', async (param, body) => {
    const channel = await aWaitingChannel();
    const answer = await call(channel, body);
    expect(answer.status).toBe(400);
    expect(answer.body.error).toMatchObject({ code: 'invalid_request_error', param });
    expect((await typesOf(channel)).at(-1)).toBe('request.generated');
  });

  it('is 400 when it is not JSON', async () => {
    const { status, body } = await call(await aWaitingChannel(), '{');
    expect(status).toBe(400);
    expect(body.error.code).toBe('invalid_json');
  });

  it('is 401 without a key', async () => {
    const { status, body } = await call(await aWaitingChannel(), { data: {} }, {});
    expect(status).toBe(401);
    expect(body.error.code).toBe('invalid_api_key');
  });

  it("is 403 with another project's key", async () => {
    const { status, body } = await call(await aWaitingChannel(), { data: {} }, withKeyOf(otherProject));
    expect(status).toBe(403);
    expect(body.error.code).toBe('permission_error');
  });

  it.each(['0198d6a0-0000-7000-8000-00000000ffff', 'nowhere'])('is 404 for the unknown channel %s', async (channel) => {
    const { status, body } = await call(channel, { data: {} });
    expect(status).toBe(404);
    expect(body.error.code).toBe('not_found');
  });
});

describe('a callback while the log is away', () => {
  it('is 503 with Retry-After, and taken when it comes again', async () => {
    const channel = await aWaitingChannel();
    const away = new Proxy<EventLog>(log, {
      get: (target, name) =>
        name === 'append'
          ? () => Promise.reject(new EventLogUnavailable('no answer'))
          : (Reflect.get(target, name) as unknown),
    });
    const service = await start(away);
    const options = { body: { data: {} }, headers: withKeyOf(projectId) };
    const { status, body, headers } = await service.ask('POST', `/v1/callback/${channel}`, options);
    await service.close();
    expect(status).toBe(503);
    expect(headers.get('retry-after')).toBe('1');
    expect(body.error.code).toBe('service_unavailable');
    expect((await call(channel, { data: {} })).body['status']).toBe('success');
  });
});

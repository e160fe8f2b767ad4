import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { handleCommand } from '@headrace/event-log';
import { requestDecider } from '@headrace/domain';
import { aProject, aWorkflow } from '@headrace/http/testing';
import { aCompletion, aFailure, anAnswer } from '../testing/answers.fixtures.js';
import { SyncHarness, type Answerer } from '../testing/sync.harness.js';

const messages = [{ role: 'user', content: 'Hello' }];
const fallbacks = [{ provider: 'openai', model: 'gpt-4o', timeoutMs: null }];
const project = aProject({}, [
  aWorkflow(),
  aWorkflow({ name: 'with fallback', fallbacks }),
  aWorkflow({ name: 'event', eventName: 'ready' }),
  aWorkflow({ name: 'Zürich' }),
]);
let gateway: SyncHarness;

beforeAll(async () => {
  gateway = await SyncHarness.start({}, project);
});
afterAll(() => gateway.close());

/** Asks, has the AI answer, and gives both. */
async function ask(fields: object, answer: Answerer, path = '/v1/ai') {
  const answered = gateway.onRequest(answer);
  const response = await gateway.fetch(path, { workflow: 'demo', messages, ...fields });
  const request = await answered;
  return { request, response, body: (await response.json()) as Record<string, unknown> };
}

const completes: Answerer = (_, runner) => runner.complete(anAnswer());

describe('POST /v1/ai', () => {
  it("answers with the provider's body, and tells the rest in headers", async () => {
    const generation = { durationMs: 12, offlineFallback: true };
    const fields = { metadata: { plan: 'pro', city: 'Zürich' }, user_id: 'u1' };
    const { request, response, body } = await ask(fields, (_, runner) =>
      runner.complete(anAnswer(aCompletion(), generation)),
    );
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(body).toEqual(aCompletion());
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'x-modelriver-provider': 'offline',
      'x-modelriver-model': 'any',
      'x-modelriver-workflow': 'demo',
      'x-modelriver-duration-ms': '12',
      'x-modelriver-attempts': '1',
      'x-modelriver-cached-data': '{"plan":"pro","city":"Z\\u00fcrich","user_id":"u1"}',
      'x-modelriver-offline-fallback': 'true',
      'x-modelriver-channel-id': request.address.channel,
      'x-request-id': request.address.channel,
    });
  });

  it('says nothing of a fallback that was not needed, and leaves out cached data that no head would hold', async () => {
    const { response } = await ask({ metadata: { long: 'x'.repeat(5_000) } }, completes);
    expect(response.headers.has('x-modelriver-offline-fallback')).toBe(false);
    expect(response.headers.has('x-modelriver-cached-data')).toBe(false);
  });

  it('names a workflow in a header whatever characters it has', async () => {
    const { response } = await ask({ workflow: 'Zürich' }, completes);
    expect(response.headers.get('x-modelriver-workflow')).toBe('Z%C3%BCrich');
  });

  it('wraps the answer when that is asked for', async () => {
    const { body } = await ask({ format: 'wrapped', workflow: 'with fallback', user_id: 'u1' }, completes);
    expect(body).toEqual({
      data: aCompletion(),
      customer_data: { user_id: 'u1' },
      meta: expect.objectContaining({
        status: 'success',
        workflow: 'with fallback',
        http_status: 200,
        test_mode: false,
      }),
      backups: [{ position: 1, provider: 'openai', model: 'gpt-4o' }],
    });
  });

  it('gives a structured output as the object when wrapped, and as a text of it when raw', async () => {
    const structured: Answerer = (_, runner) => {
      const { generation } = anAnswer(undefined, { structuredOutput: true });
      return runner.complete({ generation, output: { data: { stars: 5 }, content: '```json\n{"stars": 5}\n```' } });
    };
    const wrapped = await ask({ format: 'wrapped' }, structured);
    expect(wrapped.body).toMatchObject({ data: { stars: 5 } });
    const raw = await ask({ format: null }, structured);
    expect(raw.body).toMatchObject({
      id: `chatcmpl-${raw.request.address.channel}`,
      object: 'chat.completion',
      model: 'any',
      choices: [{ index: 0, message: { role: 'assistant', content: '{"stars":5}' }, finish_reason: 'stop' }],
      usage: { prompt_tokens: 3, completion_tokens: 5, total_tokens: 8 },
    });
  });

  it('answers a failure of the AI with status 200 and the error', async () => {
    const { response, body } = await ask({ user_id: 'u1' }, (_, runner) => runner.fail(aFailure(500)));
    expect(response.status).toBe(200);
    expect(body).toEqual({
      data: null,
      customer_data: { user_id: 'u1' },
      error: {
        message: 'The provider failed.',
        code: 'provider_failed',
        details: { status: 500, message: 'The provider failed.' },
      },
      meta: expect.objectContaining({ status: 'error', http_status: 502, attempts: expect.any(Array) }),
    });
    expect(response.headers.get('x-modelriver-provider')).toBe('offline');
  });

  it('is recorded as a request whose caller waits: without event name, webhook and callback', async () => {
    const fields = { workflow: 'event', events: ['other'], webhook_url: 'https://hooks.example.com/in' };
    const { request, response } = await ask(fields, completes);
    expect(response.status).toBe(200);
    expect(request.data).toMatchObject({
      context: { sync: true, stream: false, eventName: null, webhookUrl: null, apiKeyId: 'k1' },
      messages,
    });
  });

  it.each(['/api/v1/ai', '/api/ai'])('is the same at %s', async (path) => {
    const { response, body } = await ask({}, completes, path);
    expect(response.status).toBe(200);
    expect(body).toEqual(aCompletion());
  });

  it('follows nobody any more when it has answered', async () => {
    await ask({}, completes);
    expect(gateway.log.followers).toBe(0);
  });

  it.each([
    ['format', { format: 'xml' }],
    ['stream', { stream: 'yes' }],
    ['stream_options.include_usage', { stream: true, stream_options: { include_usage: 'yes' } }],
    ['messages', { messages: [] }],
  ])('names a wrong %s', async (param, fields) => {
    const response = await gateway.fetch('/v1/ai', { workflow: 'demo', messages, ...fields });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { code: 'invalid_request_error', param } });
  });

  it('is 404 for an unknown workflow', async () => {
    const response = await gateway.fetch('/v1/ai', { workflow: 'nope', messages });
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ error: { code: 'model_not_found', param: 'workflow' } });
  });
});

describe('a caller that waits', () => {
  const cancelledAnswer = { type: 'request.failed', data: { code: 'cancelled' } };

  it('is told when the request is cancelled by somebody else', async () => {
    const { response, body } = await ask({}, async ({ address }) => {
      await handleCommand(gateway.log, requestDecider, address, { type: 'cancel', at: new Date().toISOString() });
    });
    expect(response.status).toBe(200);
    expect(body).toMatchObject({ data: null, error: { code: 'cancelled' } });
  });

  it('takes the request with it when it leaves', async () => {
    const ended = gateway.log.appended('request.failed');
    const asked = gateway.onRequest(() => undefined);
    const caller = gateway.askOnce('/v1/ai', { workflow: 'demo', messages });
    await asked;
    caller.destroy();
    expect(await ended).toMatchObject(cancelledAnswer);
    expect(gateway.log.followers).toBe(0);
  });

  it('takes the request with it when it leaves before the log has confirmed it', async () => {
    const ended = gateway.log.appended('request.failed');
    const append = gateway.log.holdAppend();
    const caller = gateway.askOnce('/v1/ai', { workflow: 'demo', messages });
    await append.begun;
    const left = gateway.log.unfollowed();
    caller.destroy();
    await left;
    append.release();
    expect(await ended).toMatchObject(cancelledAnswer);
  });

  it('gets the answer although the connection to the log was lost when it came', async () => {
    const { response } = await ask({}, async (_, runner) => {
      gateway.log.connected = false;
      await runner.complete(anAnswer());
      gateway.log.failingReads = 1;
      gateway.log.reconnect();
    });
    expect(response.status).toBe(200);
  });

  it('is told after a while that it takes too long, and the request is cancelled', async () => {
    const impatient = await SyncHarness.start({ syncTimeoutMs: 100 });
    const answered = impatient.onRequest(() => undefined);
    const response = await impatient.fetch('/v1/ai', { workflow: 'demo', messages });
    expect(response.status).toBe(504);
    expect(await response.json()).toMatchObject({ error: { type: 'timeout_error', code: 'sync_timeout' } });
    expect(await impatient.last(await answered)).toMatchObject(cancelledAnswer);
    await impatient.close();
  });

  it('may leave and come back for the answer of a request that can be repeated', async () => {
    const key = { 'idempotency-key': 'k-1' };
    const accepted = gateway.log.appended('request.accepted');
    const first = gateway.askOnce('/v1/ai', { workflow: 'demo', messages }, key);
    const request = await accepted;
    first.destroy();
    // Whoever comes second waits for the same request, and there is nobody else to wait for it.
    const second = gateway.fetch('/v1/ai', { workflow: 'demo', messages }, key);
    await gateway.runnerOf(request).complete(anAnswer());
    const response = await second;
    expect(response.headers.get('x-modelriver-channel-id')).toBe(request.address.channel);
    expect(await response.json()).toEqual(aCompletion());
    expect(await gateway.last(request)).toMatchObject({ type: 'request.completed' });
  });

  it('is told to come again when the server stops and the answer takes too long', async () => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate', 'setInterval'] });
    const stopping = await SyncHarness.start();
    const asked = stopping.onRequest(() => undefined);
    const answer = stopping.fetch('/v1/ai', { workflow: 'demo', messages });
    const request = await asked;
    const cancelled = stopping.log.appended('request.failed');
    const closed = stopping.close();
    await jest.advanceTimersByTimeAsync(5_000);
    await cancelled;
    jest.useRealTimers();
    const response = await answer;
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('1');
    expect(await stopping.last(request)).toMatchObject(cancelledAnswer);
    await response.text();
    await closed;
  });

  it('still gets its answer when the server is told to stop', async () => {
    const stopping = await SyncHarness.start();
    let closed: Promise<void> | undefined;
    const answered = stopping.onRequest(async (_, runner) => {
      closed = stopping.close();
      await runner.complete(anAnswer());
    });
    const response = await stopping.fetch('/v1/ai', { workflow: 'demo', messages });
    expect(await response.json()).toEqual(aCompletion());
    await answered;
    await closed;
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aProject, aWorkflow, projectId, withKeyOf } from '@headrace/http/testing';
import { aCompletion, aFailure, anAnswer } from '../testing/answers.fixtures.js';
import { SyncHarness, type Answerer } from '../testing/sync.harness.js';

const messages = [{ role: 'user', content: 'Hello' }];
const project = aProject(
  { credentials: new Map([['openai', { provider: 'openai', apiKey: 'sk-1', baseUrl: null }]]) },
  [aWorkflow(), aWorkflow({ name: 'event', eventName: 'ready' }), aWorkflow({ name: 'openai/mine', model: 'own' })],
);
let gateway: SyncHarness;

beforeAll(async () => {
  gateway = await SyncHarness.start({}, project);
});
afterAll(() => gateway.close());

async function complete(fields: object, answer: Answerer, path = '/v1/chat/completions') {
  const answered = gateway.onRequest(answer);
  const response = await gateway.fetch(path, { model: 'demo', messages, ...fields });
  const text = await response.text();
  return { request: await answered, response, text, body: parsed(text) };
}
const parsed = (text: string): unknown => (text.startsWith('{') ? JSON.parse(text) : undefined);
const completes: Answerer = (_, runner) => runner.complete(anAnswer());
const get = (path: string) => gateway.http.ask('GET', path, { headers: withKeyOf(projectId) });

describe('POST /v1/chat/completions', () => {
  it.each(['/v1/chat/completions', '/api/v1/chat/completions'])('answers with a completion at %s', async (path) => {
    const { response, body } = await complete({}, completes, path);
    expect(response.status).toBe(200);
    expect(body).toEqual(aCompletion());
    expect(response.headers.get('x-modelriver-workflow')).toBe('demo');
    expect(response.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('takes a workflow before a provider and model of the same name', async () => {
    const { request } = await complete({ model: 'openai/mine' }, completes);
    expect(request.data).toMatchObject({ context: { workflow: 'openai/mine' }, plan: { targets: [{ model: 'own' }] } });
  });

  it.each([
    ['openai/gpt-4o', 'openai', 'gpt-4o'],
    ['offline/any/thing', 'offline', 'any/thing'],
    ['openai-responses/gpt-4o', 'openai-responses', 'gpt-4o'],
  ])('takes %s as provider and model', async (model, provider, name) => {
    const { request } = await complete({ model }, completes);
    expect(request.data).toMatchObject({ plan: { targets: [{ provider, model: name }] } });
  });

  it('passes on what OpenAI calls parameters', async () => {
    const { request } = await complete({ temperature: 0.1, stop: ['x'], stream: null, store: null }, completes);
    expect(request.data).toMatchObject({ plan: { parameters: { temperature: 0.1, stop: ['x'] } } });
  });

  it('streams, and tells a failure before the first piece as an answer of its own', async () => {
    const streamed = await complete({ stream: true }, async (_, runner) => {
      runner.tell({ content: 'Hello ' });
      await runner.complete(anAnswer());
    });
    expect(streamed.text.trimEnd().endsWith('data: [DONE]')).toBe(true);
    const failed = await complete({ stream: true }, (_, runner) => runner.fail(aFailure(500)));
    expect(failed.response.status).toBe(502);
    expect(failed.body).toMatchObject({ error: { type: 'upstream_error', code: 'upstream_error' } });
  });

  it.each([
    [
      'a provider that is overloaded',
      aFailure(429, { retry_after_seconds: 6.2 }),
      429,
      'rate_limit_exceeded',
      '7',
      null,
    ],
    ['a provider that fails', aFailure(500), 502, 'upstream_error', null, null],
    ['a provider that refuses', aFailure(400), 502, 'upstream_error', null, 'false'],
    ['an answer that is filtered', aFailure(200), 502, 'upstream_error', null, 'false'],
  ])('tells of %s, and whether to try again', async (_, failure, status, code, retryAfter, shouldRetry) => {
    const { response, body } = await complete({}, (__, runner) => runner.fail(failure));
    expect(response.status).toBe(status);
    expect(body).toMatchObject({ message: 'The provider failed.', error: { message: 'The provider failed.', code } });
    expect(response.headers.get('retry-after')).toBe(retryAfter);
    expect(response.headers.get('x-should-retry')).toBe(shouldRetry);
    expect(response.headers.get('x-modelriver-provider')).toBe('offline');
  });

  it.each([
    ['an event-driven workflow', { model: 'event' }, 400, 'model_not_supported'],
    ['an unknown workflow', { model: 'nope' }, 404, 'model_not_found'],
    ['a provider without credentials', { model: 'mistral/large' }, 404, 'model_not_found'],
    ['a provider without a model', { model: 'openai/' }, 404, 'model_not_found'],
    ['no model', { model: null }, 400, 'invalid_request_error'],
  ])('refuses %s', async (_, fields, status, code) => {
    const response = await gateway.fetch('/v1/chat/completions', { messages, ...fields });
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ error: { code, param: 'model' } });
  });
});

describe('GET /v1/models', () => {
  it('lists the workflows', async () => {
    const { status, body } = await get('/v1/models');
    expect(status).toBe(200);
    expect(body).toEqual({
      object: 'list',
      data: ['demo', 'event', 'openai/mine'].map((id) => ({
        id,
        object: 'model',
        created: 1_755_947_466,
        owned_by: 'offline',
      })),
    });
  });

  it.each([
    ['demo', 'demo'],
    ['openai%2Fmine', 'openai/mine'],
    ['openai/mine', 'openai/mine'],
    ['openai/gpt-4o', 'openai/gpt-4o'],
  ])('shows %s', async (path, id) => {
    const { status, body } = await get(`/v1/models/${path}`);
    expect(status).toBe(200);
    expect(body).toMatchObject({ id, object: 'model' });
  });

  it.each(['nope', 'mistral/large'])('is 404 for %s', async (id) => {
    const { status, body } = await get(`/v1/models/${id}`);
    expect(status).toBe(404);
    expect(body.error).toMatchObject({ code: 'model_not_found', param: 'model' });
  });

  it('needs a key', async () => {
    expect((await gateway.http.ask('GET', '/v1/models')).status).toBe(401);
  });
});

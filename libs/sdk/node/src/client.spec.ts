import { readFileSync } from 'node:fs';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Headrace } from './client.js';
import {
  ApiConnectionError,
  ApiError,
  ApiTimeoutError,
  AuthenticationError,
  BadRequestError,
  ConfigurationError,
  GenerationError,
  RateLimitError,
  ServerError,
} from './errors.js';
import type { HeadraceOptions } from './options.js';
import { anError, ApiServer } from './testing/api-server.js';

const apiKey = 'mr_live_a_key_that_nobody_may_see';
const ask = { workflow: 'demo', messages: [{ role: 'user', content: 'Hello' }] };
const now = { 'retry-after': '0' };

describe('a client', () => {
  let server: ApiServer;
  const clientOf = (options: HeadraceOptions = {}) => new Headrace({ apiKey, baseUrl: server.url, ...options });
  const failure = (promise: Promise<unknown>) =>
    promise.then(
      () => undefined,
      (error: unknown) => error,
    );
  beforeEach(async () => {
    server = await ApiServer.start();
  });
  afterEach(() => server.stop());

  it('sends JSON with the key and an idempotency key', async () => {
    server.answers({ body: { status: 'pending', channel_id: 'c1' } });
    expect(await clientOf({ baseUrl: `${server.url}/` }).trigger(ask)).toEqual({ status: 'pending', channel_id: 'c1' });
    const [call] = server.calls;
    expect(call).toMatchObject({ method: 'POST', path: '/v1/ai/async', body: JSON.stringify(ask) });
    expect(call?.headers).toMatchObject({
      authorization: `Bearer ${apiKey}`,
      'content-type': 'application/json',
      'idempotency-key': expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
  });

  it('says which version it is', async () => {
    const manifest = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
    await clientOf().trigger(ask);
    const { version } = JSON.parse(manifest) as { version: string };
    expect(server.calls[0]?.headers['user-agent']).toBe(`headrace-node/${version}`);
  });

  it('takes a time limit that no timer can count to', async () => {
    server.answers({ body: { channel_id: 'c1' } });
    expect(await clientOf({ timeoutMs: Infinity }).trigger(ask)).toEqual({ channel_id: 'c1' });
  });

  it('tries again after 503, 429 and a broken connection, with the same bytes and the same idempotency key', async () => {
    server.answers(
      anError(503, 'service_unavailable', {}, now),
      anError(429, 'rate_limit_exceeded', {}, now),
      (response) => response.destroy(),
      { body: { channel_id: 'c1' } },
    );
    expect(await clientOf().trigger(ask)).toEqual({ channel_id: 'c1' });
    expect(server.calls).toHaveLength(4);
    expect(
      new Set(server.calls.map(({ body, headers }) => `${headers['idempotency-key'] as string} ${body}`)).size,
    ).toBe(1);
    await clientOf().trigger(ask);
    expect(server.calls[4]?.headers['idempotency-key']).not.toBe(server.calls[0]?.headers['idempotency-key']);
  });

  it('takes an idempotency key of the caller', async () => {
    await clientOf().trigger(ask, { idempotencyKey: 'order-7' });
    expect(server.calls[0]?.headers['idempotency-key']).toBe('order-7');
    expect(await failure(clientOf().trigger(ask, { idempotencyKey: 'a b' }))).toBeInstanceOf(ConfigurationError);
  });

  it('waits as long as it is told to', async () => {
    server.answers(anError(503, 'service_unavailable', {}, { 'retry-after': '1' }), {});
    await clientOf().trigger(ask);
    const [first, second] = server.calls;
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(990);
  });

  it('gives up after the last retry with what it was told', async () => {
    server.answers(anError(429, 'rate_limit_exceeded', {}, now));
    const error = await failure(clientOf({ maxRetries: 2 }).trigger(ask));
    expect(error).toBeInstanceOf(RateLimitError);
    expect(error).toMatchObject({ status: 429, code: 'rate_limit_exceeded', retryAfterMs: 0, name: 'RateLimitError' });
    expect(server.calls).toHaveLength(3);
  });

  it('does not try again what is wrong, and names field and request', async () => {
    const details = [{ param: 'messages', message: 'messages must not be empty' }];
    server.answers(anError(400, 'invalid_request_error', { param: 'messages', details }, { 'x-request-id': 'r1' }));
    const error = await failure(clientOf().trigger(ask));
    expect(error).toBeInstanceOf(BadRequestError);
    expect(error).toMatchObject({ code: 'invalid_request_error', param: 'messages', details, requestId: 'r1' });
    server.answers(anError(502, 'upstream_error', {}, { 'x-should-retry': 'false' }));
    expect(await failure(clientOf().trigger(ask))).toBeInstanceOf(ServerError);
    expect(server.calls).toHaveLength(2);
  });

  it('follows no redirect, which would carry the key away', async () => {
    server.answers({ status: 307, headers: { location: '/elsewhere' } });
    expect(await failure(clientOf().trigger(ask))).toMatchObject({ status: 307 });
    expect(server.calls).toHaveLength(1);
  });

  it('understands error answers that are not ours', async () => {
    server.answers({ status: 504, headers: now, body: '<html>Gateway Timeout</html>' });
    const error = await failure(clientOf({ maxRetries: 0 }).trigger(ask));
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({ status: 504, code: null, message: 'The system answered 504.' });
    server.answers({ body: '<html>Welcome</html>' });
    expect(await failure(clientOf().trigger(ask))).toMatchObject({ message: expect.stringContaining('not JSON') });
  });

  it('says where it found nobody', async () => {
    const error = await failure(clientOf({ baseUrl: 'http://127.0.0.1:9/ai', maxRetries: 0 }).trigger(ask));
    expect(error).toBeInstanceOf(ApiConnectionError);
    expect(String(error)).toContain('came from http://127.0.0.1:9 (baseUrl, HEADRACE_URL)');
  });

  it('gives up an attempt after its time, and tries again', async () => {
    server.answers(() => undefined, { body: { channel_id: 'c1' } });
    expect(await clientOf({ timeoutMs: 50 }).trigger(ask)).toEqual({ channel_id: 'c1' });
    server.answers(() => undefined);
    const error = await failure(clientOf().trigger(ask, { timeoutMs: 20, maxRetries: 0 }));
    expect(error).toBeInstanceOf(ApiTimeoutError);
    expect(error).toBeInstanceOf(ApiConnectionError);
  });

  it('counts the time over a body that never ends, too', async () => {
    server.answers((response) => response.writeHead(200).write('{'));
    expect(await failure(clientOf({ timeoutMs: 50, maxRetries: 0 }).trigger(ask))).toBeInstanceOf(ApiTimeoutError);
  });

  it('is aborted by a signal while it waits for an answer and while it waits to try again', async () => {
    const reason = new Error('no longer wanted');
    for (const answer of [() => undefined, anError(503, 'service_unavailable', {}, { 'retry-after': '50' })]) {
      server.answers(answer);
      const leaving = new AbortController();
      const arrival = server.arrival();
      const asked = failure(clientOf().trigger(ask, { signal: leaving.signal }));
      await arrival;
      leaving.abort(reason);
      expect(await asked).toBe(reason);
    }
    const before = server.calls.length;
    expect(await failure(clientOf().trigger(ask, { signal: AbortSignal.abort(reason) }))).toBe(reason);
    expect(server.calls).toHaveLength(before);
  });

  it('reads no answer beyond its limit', async () => {
    server.answers({ body: { text: 'x'.repeat(2_000) } });
    const error = await failure(clientOf({ maxResponseBytes: 1_000 }).trigger(ask));
    expect(error).toMatchObject({ message: expect.stringContaining('longer than 1000 bytes') });
    expect(server.calls).toHaveLength(1);
  });

  it('gives a wrapped answer, and throws what came of one that failed', async () => {
    const meta = { status: 'success', attempts: [] };
    server.answers({ body: { data: { title: 'x' }, customer_data: {}, meta, backups: [] } });
    const answer = await clientOf().ask<{ title: string }>(ask);
    expect(answer.data.title).toBe('x');
    expect(JSON.parse(server.calls[0]?.body ?? '')).toEqual({ ...ask, format: 'wrapped', stream: false });

    const failed = { message: 'All failed.', code: 'provider_failed', details: { status: 500 } };
    server.answers({
      headers: { 'x-request-id': 'r2' },
      body: { data: null, customer_data: { a: 1 }, error: failed, meta },
    });
    const error = await failure(clientOf().ask(ask));
    expect(error).toBeInstanceOf(GenerationError);
    expect(error).toMatchObject({ ...failed, customerData: { a: 1 }, meta, requestId: 'r2' });
    expect(server.calls).toHaveLength(2);
  });

  it('shows its key nowhere', async () => {
    server.answers(anError(401, 'invalid_api_key'));
    const client = clientOf();
    const error = await failure(client.trigger(ask));
    expect(error).toBeInstanceOf(AuthenticationError);
    const offline = await failure(clientOf({ baseUrl: 'http://127.0.0.1:9', maxRetries: 0 }).trigger(ask));
    for (const shown of [client, client.callbacks, client.requests, error, offline]) {
      expect(inspect(shown, { depth: 20, showHidden: true }) + JSON.stringify(shown)).not.toContain(apiKey);
    }
  });

  it.each([
    ['no key', { apiKey: '' }],
    ['a key with a line break', { apiKey: `${apiKey}\n` }],
    ['an address that is none', { baseUrl: 'ai.example.com' }],
    ['an address with a password', { baseUrl: 'https://user:secret@ai.example.com' }],
    ['a time limit of nothing', { timeoutMs: 0 }],
    ['a half retry', { maxRetries: 0.5 }],
    ['a trusted origin that is none', { trustedOrigins: ['*'] }],
  ])('is not made with %s', (_what, options) => {
    const make = () => clientOf(options);
    expect(make).toThrow(ConfigurationError);
    expect(make).not.toThrow(/secret@|mr_live/);
  });
});

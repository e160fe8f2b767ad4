import { describe, expect } from '@jest/globals';
import { waitFor } from '@headrace/testing';
import { anAsk } from '../support/api-client.js';
import { contentOf, eventsOf } from '../support/event-stream.js';
import type { Stage, Test } from '../support/stage.js';

/** A `chat.completion`: the fields that tests look at. */
interface Completion {
  readonly object: string;
  readonly choices: readonly { readonly message: { readonly content: string | null } }[];
}

const channelOf = (headers: Headers): string => headers.get('x-modelriver-channel-id') ?? '';

const stateOf = async ({ api }: Stage, channel: string): Promise<string> => (await api.request(channel)).state;

/** Sends a request whose answer is awaited. */
function send({ api }: Stage, body: object, signal?: AbortSignal): Promise<Response> {
  const headers = { authorization: `Bearer ${api.key}`, 'content-type': 'application/json' };
  const init = { method: 'POST', headers, body: JSON.stringify(anAsk({ workflow: 'demo', ...body })) };
  return fetch(`${api.url}/v1/ai`, { ...init, signal: signal ?? AbortSignal.timeout(30_000) });
}

/** Requests that are answered on their connection (CONTRACT section 1). */
export function syncFlows(test: Test): void {
  describe('a synchronous request', () => {
    test.each(['/v1/ai', '/api/v1/ai', '/api/ai'])(
      "at %s is answered with the provider's body",
      async (path, { api }) => {
        const body = anAsk({ workflow: 'demo', user_id: 'u1' });
        const answer = await api.call<Completion>('POST', path, body);
        expect(answer.status).toBe(200);
        expect(answer.body.object).toBe('chat.completion');
        expect(answer.body.choices[0]?.message.content).toContain('Hello');
        expect(Object.fromEntries(answer.headers)).toMatchObject({
          'x-modelriver-provider': 'offline',
          'x-modelriver-model': 'demo',
          'x-modelriver-workflow': 'demo',
          'x-modelriver-duration-ms': expect.stringMatching(/^\d+$/),
          'x-modelriver-attempts': '1',
          'x-modelriver-cached-data': '{"user_id":"u1"}',
        });
      },
    );

    test('is wrapped when that is asked for', async ({ api }) => {
      const answer = await api.must('POST', '/v1/ai', anAsk({ workflow: 'demo', format: 'wrapped', user_id: 'u1' }));
      expect(answer).toMatchObject({
        data: { object: 'chat.completion' },
        customer_data: { user_id: 'u1' },
        meta: {
          status: 'success',
          http_status: 200,
          workflow: 'demo',
          provider: 'offline',
          attempts: [{ success: true }],
        },
        backups: [],
      });
    });

    test('is in the log like any other, and brings no webhook', async (stage) => {
      const backend = await stage.backend();
      const channel = channelOf((await stage.api.call('POST', '/v1/ai', anAsk({ workflow: 'demo' }))).headers);
      const request = await stage.api.request(channel);
      expect(request).toMatchObject({ state: 'success', timeline: [{ kind: 'request', status: 'success' }] });
      // The webhook of a later request would be behind that of this one.
      const { channel_id: later } = await stage.api.ask({ workflow: 'demo' });
      await backend.webhook(later);
      expect(backend.receiver.requests.map(({ headers }) => headers['mr-channel-id'])).not.toContain(channel);
    });

    test('of an event-driven workflow is answered with what the AI said', async ({ api }) => {
      const answer = await api.call<Completion>('POST', '/v1/ai', anAsk({ workflow: 'e2e_event', events: ['other'] }));
      expect(answer.body.object).toBe('chat.completion');
      expect(await api.request(channelOf(answer.headers))).toMatchObject({ state: 'success' });
    });

    test('has the shape of the schema that it brings along', async ({ api }) => {
      const schema = { type: 'object', properties: { stars: { type: 'integer' } }, required: ['stars'] };
      const body = anAsk({ workflow: 'demo', structured_output_schema: schema });
      const wrapped = await api.must('POST', '/v1/ai', { ...body, format: 'wrapped' });
      expect(wrapped).toMatchObject({ data: { stars: expect.any(Number) }, meta: { structured_output: true } });
      const raw = await api.must<Completion>('POST', '/v1/ai', body);
      expect(JSON.parse(raw.choices[0]?.message.content ?? '')).toEqual({ stars: expect.any(Number) });
    });

    test('in test mode calls no provider', async ({ api }) => {
      const body = anAsk({ workflow: 'demo', test_mode: true, format: 'wrapped' });
      expect(await api.must('POST', '/v1/ai', body)).toMatchObject({
        meta: { provider: 'Testing', model: 'test-mode', test_mode: true },
      });
    });

    test('that the AI fails is answered with status 200 and the error', async ({ api }) => {
      const answer = await api.call('POST', '/v1/ai', anAsk({ workflow: 'demo', metadata: { error: 503 } }));
      expect(answer).toMatchObject({
        status: 200,
        body: {
          data: null,
          error: { message: expect.any(String), details: { status: 503, message: expect.any(String) } },
          meta: { status: 'error', http_status: 502, attempts: [{ status: 'error' }] },
        },
      });
    });

    test('ends as cancelled when its caller leaves', async (stage) => {
      const { api } = stage;
      const leaving = new AbortController();
      const marker = crypto.randomUUID();
      const asked = send(stage, { metadata: { latency_ms: 30_000, marker } }, leaving.signal);
      const channel = await waitFor(
        async () => {
          const found = await api.must<{ data: { channel_id: string; customer_data: { marker?: string } }[] }>(
            'GET',
            '/v1/requests?limit=20',
          );
          return found.data.find(({ customer_data: data }) => data.marker === marker)?.channel_id;
        },
        { timeoutMs: 20_000, everyMs: 50, what: 'the request is listed' },
      );
      leaving.abort();
      await expect(asked).rejects.toThrow();
      const cancelled = async () => (await stateOf(stage, channel)) === 'cancelled';
      await waitFor(cancelled, { timeoutMs: 10_000, everyMs: 20, what: 'the request is cancelled' });
    });
  });

  describe('a synchronous request with an Idempotency-Key', () => {
    const keyed = () => ({ headers: { 'idempotency-key': crypto.randomUUID() } });

    test('is answered once, however often it comes', async ({ api }) => {
      const body = anAsk({ workflow: 'demo', metadata: { latency_ms: 200 } });
      const options = keyed();
      const answers = await Promise.all([1, 2, 3].map(() => api.call('POST', '/v1/ai', body, options)));
      answers.push(await api.call('POST', '/v1/ai', body, options));
      expect(new Set(answers.map(({ headers }) => channelOf(headers))).size).toBe(1);
      expect(new Set(answers.map(({ status, body: answer }) => `${status} ${JSON.stringify(answer)}`)).size).toBe(1);
    });

    test('streams the same answer to whoever comes for it, from its middle and after its end', async ({ api }) => {
      const body = anAsk({ workflow: 'demo', stream: true, metadata: { chunks: 10, chunk_delay_ms: 50 } });
      const options = keyed();
      const read = async () => contentOf(eventsOf((await api.call<string>('POST', '/v1/ai', body, options)).body));
      const first = read();
      const second = read();
      const texts = [await first, await second, await read()];
      expect(texts[0]).toContain('Hello');
      expect(new Set(texts).size).toBe(1);
    });

    test('goes on without its caller, who comes back for the answer', async ({ api }) => {
      const body = anAsk({ workflow: 'demo', stream: true, metadata: { chunks: 10, chunk_delay_ms: 50 } });
      const options = keyed();
      const leaving = new AbortController();
      const response = await fetch(`${api.url}/v1/ai`, {
        method: 'POST',
        headers: { authorization: `Bearer ${api.key}`, 'content-type': 'application/json', ...options.headers },
        body: JSON.stringify(body),
        signal: leaving.signal,
      });
      leaving.abort();
      const again = await api.call<string>('POST', '/v1/ai', body, options);
      expect(channelOf(again.headers)).toBe(channelOf(response.headers));
      expect(contentOf(eventsOf(again.body))).toContain('Hello');
      expect(await api.request(channelOf(again.headers))).toMatchObject({ state: 'success' });
    });
  });

  describe('a streamed answer', () => {
    const chunks = { chunks: 20, chunk_delay_ms: 20 };

    test('comes piece by piece and is the same as the whole', async (stage) => {
      const response = await send(stage, { stream: true, metadata: chunks, stream_options: { include_usage: true } });
      expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
      const events = eventsOf(await response.text());
      expect(events.length).toBeGreaterThan(5);
      expect(events.at(-1)).toBe('[DONE]');
      expect(events.at(-2)).toMatchObject({ choices: [], usage: { total_tokens: expect.any(Number) } });
      const { result } = await stage.api.request(channelOf(response.headers));
      expect(contentOf(events)).toBe(result?.['content']);
    });

    test('breaks off with an error when the AI does', async (stage) => {
      const response = await send(stage, { stream: true, metadata: { ...chunks, error: 'disconnect' } });
      const events = eventsOf(await response.text());
      expect(contentOf(events)).not.toBe('');
      expect(events.at(-1)).toMatchObject({ error: { code: 'upstream_error', message: expect.any(String) } });
    });

    test('ends as cancelled when its reader leaves', async (stage) => {
      const leaving = new AbortController();
      const metadata = { chunks: 20, chunk_delay_ms: 2_000 };
      const response = await send(stage, { stream: true, metadata }, leaving.signal);
      leaving.abort();
      const channel = channelOf(response.headers);
      const cancelled = async () => (await stateOf(stage, channel)) === 'cancelled';
      await waitFor(cancelled, { timeoutMs: 10_000, everyMs: 20, what: 'the request is cancelled' });
    });
  });
}

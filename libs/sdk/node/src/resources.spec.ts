import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { textOf, toolCallsOf } from './answers.js';
import { Headrace } from './client.js';
import { ApiConnectionError, ApiTimeoutError, ConfigurationError, GenerationError } from './errors.js';
import { ApiServer, events } from './testing/api-server.js';
import { verifyWebhook } from './webhooks/verify-webhook.js';

const ask = { workflow: 'demo', messages: [{ role: 'user', content: 'Hello' }] };
const chunk = (content: string) =>
  JSON.stringify({ id: 'x', choices: [{ index: 0, delta: { content }, finish_reason: null }] });

describe('a client of a running system', () => {
  let server: ApiServer;
  let headrace: Headrace;
  const failure = (promise: Promise<unknown>) =>
    promise.then(
      () => undefined,
      (error: unknown) => error,
    );
  beforeEach(async () => {
    server = await ApiServer.start();
    headrace = new Headrace({ apiKey: 'k', baseUrl: server.url });
  });
  afterEach(() => server.stop());

  describe('that streams', () => {
    it('gives the chunks until the end', async () => {
      server.answers(events([chunk('Grün'), chunk(' €'), '[DONE]']));
      const stream = await headrace.stream(ask);
      expect(stream.channelId).toBe('channel-1');
      expect(await stream.text()).toBe('Grün €');
      await expect(stream.text()).rejects.toThrow('only once');
    });

    it('throws when the answer fails in its middle, or breaks off', async () => {
      const error = JSON.stringify({ error: { message: 'It failed.', code: 'upstream_error', details: [] } });
      server.answers(events([chunk('a'), error]));
      const failed = await failure((await headrace.stream(ask)).text());
      expect(failed).toBeInstanceOf(GenerationError);
      expect(failed).toMatchObject({ code: 'upstream_error', message: 'It failed.' });
      server.answers(events([chunk('a')]));
      expect(await failure((await headrace.stream(ask)).text())).toBeInstanceOf(ApiConnectionError);
      server.answers(events([chunk('a')], (response) => response.destroy()));
      expect(await failure((await headrace.stream(ask)).text())).toBeInstanceOf(ApiConnectionError);
    });

    it('ends the connection when the reader leaves, and when its signal says so', async () => {
      for (const isAborted of [false, true]) {
        const left = Promise.withResolvers<void>();
        server.answers(events([chunk('a')], (response) => response.on('close', left.resolve)));
        const leaving = new AbortController();
        const read = async () => {
          for await (const text of (await headrace.stream(ask, { signal: leaving.signal })).texts()) {
            expect(text).toBe('a');
            if (!isAborted) return;
            leaving.abort(new Error('enough'));
          }
        };
        if (isAborted) await expect(read()).rejects.toThrow('enough');
        else await read();
        await left.promise;
      }
    });

    it('cancels a request that nobody reads to its end, unless the caller has its key', async () => {
      server.answers(
        events([chunk('a')], () => undefined),
        { body: { status: 'cancelled' } },
      );
      const stream = await headrace.stream(ask);
      const cancelled = server.arrival();
      stream.cancel();
      expect((await cancelled).path).toBe('/v1/requests/channel-1/cancel');

      for (const all of [
        [chunk('a'), '[DONE]'],
        [chunk('a'), JSON.stringify({ error: {} })],
      ]) {
        server.answers(events(all));
        await failure((await headrace.stream(ask)).text());
      }
      server.answers(events([chunk('a')], () => undefined));
      (await headrace.stream(ask, { idempotencyKey: 'mine' })).cancel();
      // A call that is made after them all has come by now, too.
      server.answers({});
      await headrace.requests.get('c1');
      expect(server.calls.map(({ path }) => path).filter((path) => path.endsWith('/cancel'))).toHaveLength(1);
    });

    it('gives up when nothing more is heard', async () => {
      server.answers(events([chunk('a')], () => undefined));
      const stream = await headrace.stream(ask, { timeoutMs: 50 });
      expect(await failure(stream.text())).toBeInstanceOf(ApiTimeoutError);
    });
  });

  describe('that lists', () => {
    it('reads page after page', async () => {
      server.answers(
        { body: { data: [{ channel_id: 'a' }, { channel_id: 'b' }], next_cursor: 'n/1' } },
        { body: { data: [{ channel_id: 'c' }], next_cursor: null } },
      );
      const seen = [];
      for await (const request of headrace.requests.list({ state: 'error', limit: 2 })) seen.push(request.channel_id);
      expect(seen).toEqual(['a', 'b', 'c']);
      expect(server.calls.map(({ path }) => path)).toEqual([
        '/v1/requests?state=error&limit=2',
        '/v1/requests?state=error&limit=2&cursor=n%2F1',
      ]);
    });

    it('reads no further page than it is asked for', async () => {
      server.answers({ body: { data: [{ id: 'a' }], next_cursor: 'n' } });
      for await (const delivery of headrace.deliveries.list()) {
        expect(delivery.id).toBe('a');
        break;
      }
      expect(await headrace.deadLetters.list({ error: 'timeout' }).page()).toMatchObject({ next_cursor: 'n' });
      expect(server.calls.map(({ path }) => path)).toEqual(['/v1/deliveries', '/v1/dead-letters?error=timeout']);
    });
  });

  it('calls what it is made to call', async () => {
    await headrace.requests.get('c1');
    await headrace.requests.cancel('c1');
    await headrace.reconnect('c1');
    await headrace.deadLetters.get('d1');
    await headrace.deadLetters.replay('d1');
    expect(server.calls.map(({ method, path, body }) => `${method} ${path} ${body}`.trim())).toEqual([
      'GET /v1/requests/c1',
      'POST /v1/requests/c1/cancel',
      'POST /v1/ai/reconnect {"channel_id":"c1"}',
      'GET /v1/dead-letters/d1',
      'POST /v1/dead-letters/d1/replay',
    ]);
    expect(server.calls[4]?.headers['idempotency-key']).toBeDefined();
    for (const id of ['', '.', '..'])
      expect(await failure(headrace.requests.get(id))).toBeInstanceOf(ConfigurationError);
    await headrace.requests.get('../../x?y');
    expect(server.calls.at(-1)?.path).toBe('/v1/requests/..%2F..%2Fx%3Fy');
  });

  describe('that calls back', () => {
    const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
    const file = new URL('../../vectors/webhooks.json', import.meta.url);
    const vectors = JSON.parse(readFileSync(file, 'utf8')) as {
      name: string;
      headers: Record<string, string>;
      body: string;
    }[];
    const webhookOf = (type: string) => {
      const vector = vectors.find(({ name }) => name === type);
      if (!vector) throw new Error(`There is no vector "${type}".`);
      return verifyWebhook(vector, { secret, now: () => new Date('2026-01-01T00:00:00Z') });
    };

    it('sends each kind of callback', async () => {
      const url = `${server.url}/v1/callback/c1?round=2`;
      await headrace.callbacks.complete(url, { id: 7 }, { taskId: 't', metadata: { a: 1 } });
      await headrace.callbacks.fail(url, 'sold_out', 'Nothing left.');
      await headrace.callbacks.sendToolResults(url, [{ tool_call_id: 'x', content: { sunny: true } }]);
      await headrace.callbacks.continueWith('c1', { workflow: 'next', messages: ask.messages });
      expect(server.calls.map(({ path, body }) => [path, JSON.parse(body) as unknown])).toEqual([
        ['/v1/callback/c1?round=2', { data: { id: 7 }, task_id: 't', metadata: { a: 1 } }],
        ['/v1/callback/c1?round=2', { error: 'sold_out', message: 'Nothing left.' }],
        ['/v1/callback/c1?round=2', { tool_results: [{ tool_call_id: 'x', content: { sunny: true } }] }],
        ['/v1/callback/c1', { continue: { workflow: 'next', messages: ask.messages } }],
      ]);
    });

    it('trusts the callback URL of a verified webhook, and of text only what it knows', async () => {
      const urls: string[] = [];
      const recorded = new Headrace({
        apiKey: 'k',
        baseUrl: server.url,
        trustedOrigins: ['https://callbacks.example'],
        fetch: (url) => {
          urls.push(url as string);
          return Promise.resolve(Response.json({}));
        },
      });
      const webhook = webhookOf('task.ai_generated');
      await recorded.callbacks.complete(webhook, {});
      await recorded.callbacks.complete('https://callbacks.example/v1/callback/c', {});
      expect(urls).toEqual([webhook.callbackUrl, 'https://callbacks.example/v1/callback/c']);
      for (const target of [
        'https://thief.example/v1/callback/c',
        `http://127.0.0.1:1/x`,
        '//thief.example/x',
        'a/b',
      ]) {
        expect(await failure(recorded.callbacks.complete(target, {}))).toBeInstanceOf(ConfigurationError);
      }
      expect(await failure(recorded.callbacks.complete(webhookOf('task.completed'), {}))).toBeInstanceOf(
        ConfigurationError,
      );
      expect(urls).toHaveLength(2);
    });

    it('says what a callback is for when it is given a payload, or the URL of a webhook that awaits none', async () => {
      for (const target of [webhookOf('task.ai_generated').payload, null]) {
        const error = await failure(headrace.callbacks.complete(target as unknown as string, {}));
        expect(String(error)).toBe('ConfigurationError: Give the verified webhook, its callbackUrl, or a channel id.');
      }
      expect(server.calls).toEqual([]);
    });
  });
});

describe('what an answer says', () => {
  const call = { id: 'call_1', type: 'function', function: { name: 'weather', arguments: '{"city":"Bern"}' } };
  it('is its text, or its tool calls', () => {
    expect(textOf({ choices: [{ message: { content: 'Hi' } }] })).toBe('Hi');
    expect(toolCallsOf({ choices: [{ message: { content: null, tool_calls: [call] } }] })).toEqual([
      { id: 'call_1', name: 'weather', arguments: { city: 'Bern' }, text: '{"city":"Bern"}' },
    ]);
  });

  it.each([[null], [{}], [[]], ['text'], [{ choices: [] }], [{ title: 'structured' }]])('is neither in %j', (data) => {
    expect(textOf(data)).toBeNull();
    expect(toolCallsOf(data)).toEqual([]);
  });
});

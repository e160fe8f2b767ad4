import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Headrace } from '../client.js';
import { ApiConnectionError, ApiTimeoutError, HeadraceError, NotFoundError, ServerError } from '../errors.js';
import { anError, ApiServer, type CallAnswer } from '../testing/api-server.js';
import type { ChannelEvent } from '../types/channel.js';

const soon = { 'retry-after': '0' };
const pending = { body: { state: 'pending', ended_at: null } };
const ended = { body: { state: 'success', ended_at: '2026-01-01T00:00:00Z' } };
type Answer = Extract<CallAnswer, (response: never) => void>;
const lost: Answer = (response) => void response.destroy();
const unavailable = anError(503, 'service_unavailable', {}, soon);

let server: ApiServer;
let headrace: Headrace;
beforeEach(async () => {
  server = await ApiServer.start();
  headrace = new Headrace({ apiKey: 'k', baseUrl: server.url });
});
afterEach(() => server.stop());

const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('waiting for the end of a request', () => {
  it('asks the system to wait, again and again until the end', async () => {
    server.answers(pending, pending, ended);
    expect(await headrace.requests.wait('c1')).toEqual(ended.body);
    expect(server.calls.map(({ path }) => path)).toEqual(Array(3).fill('/v1/requests/c1?wait=25s'));
  });

  it('outlives a restart of the system that takes more tries than a call has', async () => {
    server.answers(pending, lost, ...Array<CallAnswer>(5).fill(unavailable), pending, ended);
    expect(await headrace.requests.wait('c1')).toEqual(ended.body);
    expect(server.calls).toHaveLength(9);
  });

  it('waits no longer than it is told to, while the system waits and while it is away', async () => {
    server.answers(() => undefined);
    const late = await failure(headrace.requests.wait('c1', { withinMs: 50 }));
    expect(late).toBeInstanceOf(ApiTimeoutError);
    expect(late).toHaveProperty('message', 'The request did not end within 0.05 s.');
    server.answers(anError(503, 'service_unavailable', {}, { 'retry-after': '30' }));
    expect(await failure(headrace.requests.wait('c1', { withinMs: 50 }))).toBeInstanceOf(ApiTimeoutError);
    expect(await failure(headrace.requests.wait('c1', { withinMs: 0 }))).toBeInstanceOf(HeadraceError);
  });

  it('ends with the reason of a signal', async () => {
    const leaving = new AbortController();
    server.answers(() => leaving.abort(new Error('enough')));
    const waiting = headrace.requests.wait('c1', { signal: leaving.signal, withinMs: 60_000 });
    await expect(waiting).rejects.toThrow('enough');
  });

  it('gives up on what does not pass by itself', async () => {
    server.answers(anError(404, 'not_found'));
    expect(await failure(headrace.requests.wait('c1'))).toBeInstanceOf(NotFoundError);
    server.answers(unavailable);
    expect(await failure(headrace.requests.wait('c1', { maxRetries: 1 }))).toBeInstanceOf(ServerError);
    expect(server.calls).toHaveLength(3);
  });
});

describe('the events of a request', () => {
  /** Answers with blocks of an event stream. What is given last is done when they have been sent. */
  const blocks =
    (texts: readonly string[], end: Answer = (response) => response.end()): Answer =>
    (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(texts.map((text) => `${text}\n\n`).join(''), () => end(response));
    };
  const text = (id: string, index: number, data: string) =>
    `id: ${id}\nevent: tokens\ndata: ${JSON.stringify({ data, index })}`;
  const state = (id: string, status: string) =>
    `id: ${id}\nevent: response\ndata: ${JSON.stringify({ status, channel_id: 'c1' })}`;
  const close = 'event: phx_close\ndata: {}';
  const lastIds = () => server.calls.map(({ headers }) => headers['last-event-id']);
  const read = async (events: AsyncIterable<ChannelEvent>) => {
    const seen = [];
    for await (const event of events) seen.push(event.event === 'tokens' ? event.data.data : event.data.status);
    return seen;
  };

  it('are told until the request has ended', async () => {
    server.answers(
      blocks(['retry: 1000', 'id: 1', text('1-1', 0, 'a'), state('2', 'success'), close, text('3', 0, 'x')]),
    );
    expect(await read(headrace.requests.events('c1'))).toEqual(['a', 'success']);
    expect(server.calls[0]).toMatchObject({ method: 'GET', path: '/v1/requests/c1/events' });
    expect(server.calls[0]?.headers).toMatchObject({ accept: 'text/event-stream', authorization: 'Bearer k' });
  });

  it('go on where they were after broken connections, restarts and a clean end in the middle', async () => {
    server.answers(
      lost,
      blocks(['retry: 0\nid: 1', text('1-1', 0, 'a')], lost),
      unavailable,
      blocks(['retry: 0', text('1-2', 1, 'b'), ': heartbeat']),
      blocks(['retry: 0\nid: 2'], lost),
      blocks([state('3', 'success'), close]),
    );
    expect(await read(headrace.requests.events('c1'))).toEqual(['a', 'b', 'success']);
    expect(lastIds()).toEqual([undefined, undefined, '1-1', '1-1', '1-2', '2']);
  });

  it('are none when the end is known', async () => {
    server.answers((response) => response.writeHead(204).end());
    expect(await read(headrace.requests.events('c1', { lastEventId: '9' }))).toEqual([]);
    expect(lastIds()).toEqual(['9']);
  });

  it('come again when nothing is heard any more', async () => {
    const silent = blocks(['retry: 0', text('1-1', 0, 'a')], () => undefined);
    server.answers((response) => {
      const answer = response.req.headers['last-event-id'] === '1-1' ? blocks([close]) : silent;
      answer(response);
    });
    expect(await read(headrace.requests.events('c1', { timeoutMs: 200 }))).toEqual(['a']);
    expect(lastIds().at(-1)).toBe('1-1');
  });

  it('end their connection when the reader leaves or aborts', async () => {
    for (const isAborted of [false, true]) {
      const left = Promise.withResolvers<void>();
      server.answers(blocks([text('1-1', 0, 'a')], (response) => void response.on('close', left.resolve)));
      const leaving = new AbortController();
      const reading = (async () => {
        for await (const event of headrace.requests.events('c1', { signal: leaving.signal })) {
          expect(event).toEqual({ event: 'tokens', id: '1-1', data: { data: 'a', index: 0 } });
          if (!isAborted) return;
          leaving.abort(new Error('enough'));
        }
      })();
      if (isAborted) await expect(reading).rejects.toThrow('enough');
      else await reading;
      await left.promise;
    }
  });

  it('go on for as long as the system lives and has nothing to tell, whatever cuts the connections', async () => {
    const cut = blocks(['retry: 0', ': heartbeat'], lost);
    server.answers(...Array<Answer>(5).fill(cut), blocks([state('2', 'success'), close]));
    expect(await read(headrace.requests.events('c1', { maxRetries: 1 }))).toEqual(['success']);
    expect(server.calls).toHaveLength(6);
  });

  it('do not take the time limit of other calls, which may be shorter than a heartbeat is rare', async () => {
    const hasty = new Headrace({ apiKey: 'k', baseUrl: server.url, timeoutMs: 50 });
    server.answers(
      blocks([text('1-1', 0, 'a')], (response) => void setTimeout(() => response.end(`${close}\n\n`), 200)),
    );
    expect(await read(hasty.requests.events('c1'))).toEqual(['a']);
    expect(server.calls).toHaveLength(1);
  });

  it('give up when the system stays away, and at once on what does not pass by itself', async () => {
    server.answers(blocks(['retry: 0'], lost));
    expect(await failure(read(headrace.requests.events('c1', { maxRetries: 1 })))).toBeInstanceOf(ApiConnectionError);
    expect(server.calls).toHaveLength(2);
    server.answers(anError(404, 'not_found'));
    expect(await failure(read(headrace.requests.events('c1')))).toBeInstanceOf(NotFoundError);
    server.answers(blocks(['event: response\ndata: no JSON']));
    expect(await failure(read(headrace.requests.events('c1')))).toHaveProperty(
      'message',
      expect.stringContaining('JSON'),
    );
    expect(server.calls).toHaveLength(4);
  });
});

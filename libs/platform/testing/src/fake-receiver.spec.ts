import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FakeReceiver } from './fake-receiver.js';

describe('FakeReceiver', () => {
  let receiver: FakeReceiver;
  beforeEach(async () => {
    receiver = await FakeReceiver.start();
  });
  afterEach(() => receiver.stop());

  const post = (path: string, body: string, init: RequestInit = {}): Promise<Response> =>
    fetch(`${receiver.url}${path}`, { method: 'POST', body, ...init });

  it('records the bytes and the headers as they came', async () => {
    const body = '{ "a":1,\n"umlaut":"ä" }';
    await post('/hook?x=1', body, { headers: { 'X-Signature': 'abc' } });
    const request = await receiver.next();
    expect(request).toMatchObject({ number: 1, method: 'POST', path: '/hook?x=1', headers: { 'x-signature': 'abc' } });
    expect(request.body.equals(Buffer.from(body))).toBe(true);
    expect(request.json()).toEqual({ a: 1, umlaut: 'ä' });
  });

  it('answers what is queued first, and the standing answer after that', async () => {
    receiver
      .answerNext({ status: 500 }, { status: 302, headers: { location: '/elsewhere' } })
      .answerAlways({ status: 204 });
    const statuses: number[] = [];
    for (let count = 0; count < 4; count++) statuses.push((await post('/', '', { redirect: 'manual' })).status);
    expect(statuses).toEqual([500, 302, 204, 204]);
  });

  it('answers as follows from the request', async () => {
    receiver.answerAlways(({ path }) => ({ status: path === '/good' ? 200 : 410, body: path }));
    expect(await (await post('/good', '')).text()).toBe('/good');
    expect((await post('/gone', '')).status).toBe(410);
  });

  it('answers when something else has happened', async () => {
    const happened = Promise.withResolvers<void>();
    receiver.answerAlways(() => happened.promise.then(() => ({ status: 202 })));
    const held = post('/', 'held');
    await receiver.next();
    happened.resolve();
    expect((await held).status).toBe(202);
  });

  it('gives each fitting request out once, whether it came before or comes later', async () => {
    await post('/one', '');
    const later = receiver.next(({ path }) => path === '/two');
    await post('/two', '');
    await post('/two', 'again');
    expect((await receiver.next()).path).toBe('/one');
    expect((await later).number).toBe(2);
    expect((await receiver.next()).body.toString()).toBe('again');
  });

  it('tells what came instead of the request that was waited for', async () => {
    await post('/other', 'something');
    await expect(receiver.next(({ path }) => path === '/awaited', 5)).rejects.toThrow('POST /other something');
  });

  it('hangs until the sender gives up, and counts the request', async () => {
    receiver.answerAlways({ hang: true });
    const abort = new AbortController();
    const hanging = post('/', 'held', { signal: abort.signal });
    expect((await receiver.next()).body.toString()).toBe('held');
    abort.abort();
    await expect(hanging).rejects.toThrow('abort');
  });

  it('breaks the connection when told to', async () => {
    receiver.answerAlways({ reset: true });
    await expect(post('/', '')).rejects.toThrow('fetch failed');
  });

  it('drips the body byte by byte, headers first', async () => {
    receiver.answerAlways({ dripMs: 1, body: 'slow' });
    const response = await post('/', '');
    const chunks: number[] = [];
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) chunks.push(chunk.length);
    expect(response.status).toBe(200);
    expect(chunks.length).toBeGreaterThan(1);
    expect(chunks.reduce((sum, length) => sum + length)).toBe(4);
  });

  it.each([
    ['ends', 'end', true],
    ['breaks the connection', 'reset', false],
  ] as const)('sends a body in pieces, then %s', async (_what, afterPieces, ends) => {
    const asked = Promise.withResolvers<void>();
    async function* pieces() {
      yield 'one';
      await asked.promise;
      yield 'two';
    }
    receiver.answerAlways({ pieces: pieces(), afterPieces });
    const { body } = await post('/', '');
    const read: string[] = [];
    const reading = (async () => {
      for await (const chunk of body as unknown as AsyncIterable<Uint8Array>) {
        read.push(Buffer.from(chunk).toString());
        asked.resolve();
      }
    })();
    if (ends) await reading;
    else await expect(reading).rejects.toThrow('terminated');
    expect(read[0]).toBe('one');
    if (ends) expect(read).toEqual(['one', 'two']);
  });

  it('waits before it answers when told to', async () => {
    receiver.answerAlways({ delayMs: 30 });
    const started = performance.now();
    await post('/', '');
    expect(performance.now() - started).toBeGreaterThanOrEqual(29);
  });

  it('stops although a request hangs', async () => {
    receiver.answerAlways({ hang: true });
    const hanging = expect(post('/', '')).rejects.toThrow('fetch failed');
    await receiver.next();
    await receiver.stop();
    await hanging;
  });
});

import { connect, createServer, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { aCall, answer, http2Receiver } from './testing/http2.fixtures.js';
import { anOutbound, closeAll, failureOf, listening } from './testing/outbound.fixtures.js';

afterEach(closeAll);

describe('a receiver of HTTP/2 that breaks off', () => {
  it('is told the stream that it reset, before the answer and in it, and repeats neither', async () => {
    let calls = 0;
    const { url } = await http2Receiver((stream, body) => {
      calls += 1;
      if (body === 'in') {
        stream.respond({ ':status': 200, 'content-length': '10' });
        stream.write('abc', () => stream.close(2));
      } else if (body === 'before') stream.close(11);
      else answer(stream);
    });
    const outbound = anOutbound();
    await outbound.request(aCall(url));
    const before = await failureOf(outbound.request(aCall(url, { body: 'before', repeatable: true })));
    expect(before).toMatchObject({
      code: 'connection_reset',
      message: 'The receiver reset the HTTP/2 stream (ENHANCE_YOUR_CALM).',
    });
    const within = await failureOf(outbound.request(aCall(url, { body: 'in', repeatable: true })));
    expect(within.status).toBe(200);
    expect(within.message).toContain('The answer was 200, but');
    expect(calls).toBe(3);
  });

  it('is told the connection that it ended with an error', async () => {
    const { url } = await http2Receiver((stream) => stream.session?.goaway(11, 0));
    const error = await failureOf(anOutbound().request(aCall(url)));
    expect(error.code).toBe('connection_reset');
    expect(error.message).toContain('ENHANCE_YOUR_CALM');
  });

  it('finishes what it had taken when it says goodbye, and gets the rest on a new connection', async () => {
    const { url, connections } = await http2Receiver((stream, body) => {
      if (body === 'first') stream.session?.goaway();
      answer(stream);
    });
    const outbound = anOutbound();
    expect(await outbound.request(aCall(url, { body: 'first' }))).toMatchObject({ status: 200 });
    expect(await outbound.request(aCall(url))).toMatchObject({ status: 200 });
    expect(connections()).toBe(2);
  });

  it('gets a call that it refused unread a second time, and no third', async () => {
    let calls = 0;
    const { url } = await http2Receiver((stream, body) => {
      calls += 1;
      if (body === 'never' || calls === 1) stream.close(7);
      else answer(stream);
    });
    const outbound = anOutbound();
    expect(await outbound.request(aCall(url))).toMatchObject({ status: 200 });
    expect(calls).toBe(2);
    expect(await failureOf(outbound.request(aCall(url, { body: 'never', repeatable: true })))).toMatchObject({
      code: 'connection_reset',
      message: 'The receiver reset the HTTP/2 stream (REFUSED_STREAM).',
    });
    expect(calls).toBe(4);
  });

  it('gets a call once more whose kept connection breaks as it is used', async () => {
    let calls = 0;
    const { url, connections } = await http2Receiver((stream) => {
      calls += 1;
      if (calls === 2) stream.session?.socket.destroy();
      else answer(stream);
    });
    const outbound = anOutbound();
    await outbound.request(aCall(url));
    expect(await outbound.request(aCall(url, { repeatable: true }))).toMatchObject({ status: 200, version: 'h2' });
    expect([calls, connections()]).toEqual([3, 2]);
  });

  it('is left on a connection that no longer answers', async () => {
    const { url, connections } = await http2Receiver((stream) => answer(stream));
    let silent: (() => void) | undefined;
    // Between the two: a network that drops packets without a word.
    const proxy = createServer((client: Socket) => {
      const server = connect(Number(new URL(url).port), '127.0.0.1');
      client.pipe(server).pipe(client);
      server.on('error', () => undefined);
      client.on('close', () => server.destroy());
      silent ??= () => {
        client.unpipe();
        server.unpipe();
        client.resume();
      };
    });
    const base = (await listening(proxy)).replace('http:', 'https:');
    const outbound = anOutbound();
    const timeouts = { connectMs: 1_000, firstByteMs: 300, totalMs: 300 };
    await outbound.request(aCall(base, { timeouts }));
    silent?.();
    expect(await failureOf(outbound.request(aCall(base, { timeouts })))).toMatchObject({ code: 'timeout' });
    // One call may still be put on it, while undici asks for a sign of life; no other waits for that.
    const next = await Promise.allSettled(Array.from({ length: 5 }, () => outbound.request(aCall(base, { timeouts }))));
    expect(next.filter(({ status }) => status === 'fulfilled').length).toBeGreaterThanOrEqual(4);
    expect(connections()).toBe(2);
  });
});

import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import type { RequestListener } from 'node:http';
import { createSecureServer, type ServerHttp2Stream } from 'node:http2';
import { createServer as createHttpsServer } from 'node:https';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { OutboundRequest } from './exchange/outbound-request.js';
import { http2Receiver } from './testing/http2.fixtures.js';
import { anOutbound, aRequest, closeAll, failureOf, listening } from './testing/outbound.fixtures.js';
import { aCertificate } from './testing/test-authority.js';

afterEach(closeAll);

const aCall = (url: string, overrides: Partial<OutboundRequest> = {}): OutboundRequest =>
  aRequest(url, { http2: true, ...overrides });
const answer = (stream: ServerHttp2Stream, body = 'ok', status = 200): void => {
  stream.respond({ ':status': status });
  stream.end(body);
};
const soon = { connectMs: 1_000, firstByteMs: 300, totalMs: 2_000 };

describe('HTTP/2', () => {
  it('is spoken where the receiver offers it', async () => {
    const seen: unknown[] = [];
    const { url } = await http2Receiver((stream, body) => {
      const { ':method': method, ':path': path } = stream.sentHeaders ?? {};
      seen.push(method, path, body);
      answer(stream, 'busy', 503);
    });
    const response = await anOutbound().request(aCall(`${url}/hook?x=1`));
    expect(response).toMatchObject({
      status: 503,
      version: 'h2',
      timings: { connection: { tlsMs: expect.any(Number) } },
    });
    expect(response.body.toString()).toBe('busy');
    expect(seen.at(-1)).toBe('{"a":"ü"}');
  });

  it('takes few connections for many calls at once, and keeps them', async () => {
    const { url, connections } = await http2Receiver((stream) => answer(stream));
    const outbound = anOutbound();
    const calls = () => Promise.all(Array.from({ length: 20 }, () => outbound.request(aCall(url))));
    const answers = [...(await calls()), ...(await calls())];
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 40 }, () => 200));
    // Two: a call made before the receiver has told its limits finds the first connection not free yet.
    expect(connections()).toBeLessThanOrEqual(2);
    expect(answers.at(-1)?.timings.connection).toBeNull();
  });

  it('is not asked for unless the call and the operator allow it', async () => {
    const ok: RequestListener = (request, response) => request.resume().on('end', () => response.end());
    const secure = async (server: Server) => (await listening(server)).replace('http:', 'https:');
    const onlyOne = await secure(createHttpsServer(aCertificate('good'), ok));
    const both = await secure(
      createSecureServer({ ...aCertificate('good'), allowHTTP1: true }, (_, response) => response.end()),
    );
    const plain = { request: aRequest(both), outbound: anOutbound() };
    const switchedOff = { request: aCall(both), outbound: anOutbound({ http2: false }) };
    const notOffered = { request: aCall(onlyOne), outbound: anOutbound() };
    expect(await anOutbound().request(aCall(both))).toMatchObject({ version: 'h2' });
    for (const { request, outbound } of [switchedOff, notOffered, plain]) {
      expect(await outbound.request(request)).toMatchObject({ version: 'http/1.1' });
    }
  });

  it('goes to no address that the policy refuses', async () => {
    const { url, connections } = await http2Receiver((stream) => answer(stream));
    const outbound = anOutbound({ allowLoopback: false });
    expect(await failureOf(outbound.request(aCall(url)))).toMatchObject({ code: 'blocked_address' });
    const named = anOutbound({ allowLoopback: false }, async () => [{ address: '127.0.0.1', family: 4 }]);
    const byName = url.replace('127.0.0.1', 'hook.test');
    expect(await failureOf(named.request(aCall(byName)))).toMatchObject({ code: 'blocked_address' });
    expect(connections()).toBe(0);
  });

  it('cuts endless bodies again and again without using its connection up', async () => {
    const { url, connections } = await http2Receiver((stream, body) => {
      if (body === 'last') return answer(stream);
      stream.respond({ ':status': 200 });
      const pour = (): void => {
        while (!stream.destroyed && stream.write(Buffer.alloc(65_536, 'x')));
      };
      stream.on('drain', pour);
      pour();
    });
    const outbound = anOutbound();
    for (let round = 0; round < 10; round += 1) {
      const cut = await Promise.all(Array.from({ length: 10 }, () => outbound.request(aCall(url))));
      expect(cut.every(({ truncated, body }) => truncated && body.length === 1_024)).toBe(true);
    }
    expect(await outbound.request(aCall(url, { body: 'last' }))).toMatchObject({ status: 200, truncated: false });
    expect(connections()).toBeLessThanOrEqual(2);
  });

  it('ends a call at its deadline, and no other on the same connection', async () => {
    const held: ServerHttp2Stream[] = [];
    const { url, connections } = await http2Receiver((stream, body) => {
      if (body === 'drip') {
        stream.respond({ ':status': 200 });
        const drip = setInterval(() => stream.write('.'), 20);
        stream.on('close', () => clearInterval(drip));
      } else if (body === 'patient') held.push(stream);
      else if (body === 'first') answer(stream);
    });
    const outbound = anOutbound({ connectionsPerOrigin: 1 });
    await outbound.request(aCall(url, { body: 'first' }));
    const timeouts = { connectMs: 2_000, firstByteMs: 300, totalMs: 300 };
    const patient = outbound.request(aCall(url, { body: 'patient' }));
    const [dripping, silent] = await Promise.all([
      failureOf(outbound.request(aCall(url, { body: 'drip', timeouts }))),
      failureOf(outbound.request(aCall(url, { body: 'silent', timeouts }))),
    ]);
    held.forEach((stream) => answer(stream));
    expect(await patient).toMatchObject({ status: 200, version: 'h2' });
    expect(dripping).toMatchObject({ code: 'timeout', status: 200 });
    expect(silent).toMatchObject({ code: 'timeout', message: 'There was no answer within 300 ms.' });
    expect(connections()).toBe(1);
  });

  it('ends when the caller gives up', async () => {
    const arrived = Promise.withResolvers<ServerHttp2Stream>();
    const { url } = await http2Receiver((stream) => arrived.resolve(stream));
    const giveUp = new AbortController();
    const failure = failureOf(anOutbound().request(aCall(url, { signal: giveUp.signal })));
    const stream = await arrived.promise;
    const closed = once(stream, 'close');
    giveUp.abort();
    expect(await failure).toMatchObject({ code: 'aborted' });
    await closed;
  });

  it('tells a stream that the receiver reset, before the answer and in it, and repeats neither', async () => {
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

  it('tells a connection that the receiver ended with an error', async () => {
    const { url } = await http2Receiver((stream) => stream.session?.goaway(11, 0));
    const error = await failureOf(anOutbound().request(aCall(url)));
    expect(error.code).toBe('connection_reset');
    expect(error.message).toContain('ENHANCE_YOUR_CALM');
  });

  it('finishes what a receiver had taken when it says goodbye, and goes on with a new connection', async () => {
    const { url, connections } = await http2Receiver((stream, body) => {
      if (body === 'first') stream.session?.goaway();
      answer(stream);
    });
    const outbound = anOutbound();
    expect(await outbound.request(aCall(url, { body: 'first' }))).toMatchObject({ status: 200 });
    expect(await outbound.request(aCall(url))).toMatchObject({ status: 200 });
    expect(connections()).toBe(2);
  });

  it('keeps to the number of calls at once that the receiver bears', async () => {
    let atOnce = 0;
    let most = 0;
    const { url } = await http2Receiver(
      (stream) => {
        atOnce += 1;
        most = Math.max(most, atOnce);
        setImmediate(() => {
          atOnce -= 1;
          answer(stream);
        });
      },
      { settings: { maxConcurrentStreams: 2 } },
    );
    const outbound = anOutbound({ connectionsPerOrigin: 1 });
    await outbound.request(aCall(url));
    await Promise.all(Array.from({ length: 12 }, () => outbound.request(aCall(url))));
    expect(most).toBeLessThanOrEqual(2);
  });

  it('leaves a connection that no longer answers', async () => {
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
    const timeouts = { ...soon, totalMs: 300 };
    await outbound.request(aCall(base, { timeouts }));
    silent?.();
    expect(await failureOf(outbound.request(aCall(base, { timeouts })))).toMatchObject({ code: 'timeout' });
    // One call may still be put on it, while undici asks for a sign of life; no other waits for that.
    const next = await Promise.allSettled(Array.from({ length: 5 }, () => outbound.request(aCall(base, { timeouts }))));
    expect(next.filter(({ status }) => status === 'fulfilled').length).toBeGreaterThanOrEqual(4);
    expect(connections()).toBe(2);
  });

  it('lets calls that wait for one connection share its failure', async () => {
    const mute = (await listening(createServer(() => undefined))).replace('http:', 'https:');
    const outbound = anOutbound();
    const timeouts = { connectMs: 200, firstByteMs: 5_000, totalMs: 5_000 };
    const started = performance.now();
    const failures = await Promise.all(
      Array.from({ length: 10 }, () => failureOf(outbound.request(aCall(mute, { timeouts })))),
    );
    expect(new Set(failures.map(({ code, message }) => `${code}: ${message}`))).toEqual(
      new Set(['connect_timeout: The TLS handshake was not finished in time.']),
    );
    expect(performance.now() - started).toBeLessThan(1_500);
  });

  it('bounds the head of an answer, and waits for it behind an interim one', async () => {
    const { url } = await http2Receiver((stream, body) => {
      if (body === 'interim') stream.additionalHeaders({ ':status': 103 });
      stream.respond({ ':status': 200, ...(body === 'long' ? { 'x-long': 'y'.repeat(200_000) } : {}) });
      stream.end();
    });
    const outbound = anOutbound();
    expect(await outbound.request(aCall(url, { body: 'interim' }))).toMatchObject({ status: 200 });
    expect(await failureOf(outbound.request(aCall(url, { body: 'long' })))).toMatchObject({ status: null });
  });

  it('settles every call whatever the receiver breaks, and none breaks the process', async () => {
    let count = 0;
    const { url } = await http2Receiver((stream) => {
      count += 1;
      const { session } = stream;
      switch (count % 7) {
        case 0:
          return session?.destroy();
        case 1:
          return stream.close(7);
        case 2:
          return session?.goaway(count % 2, 0);
        case 3:
          stream.respond({ ':status': 200, 'content-length': '5' });
          return void stream.end('too long');
        case 4:
          return session?.socket.destroy();
        case 5:
          return undefined;
        default:
          return answer(stream);
      }
    });
    const outbound = anOutbound();
    const timeouts = { connectMs: 500, firstByteMs: 100, totalMs: 250 };
    let settled = 0;
    for (let round = 0; round < 20; round += 1) {
      const calls = Array.from({ length: 25 }, () => outbound.request(aCall(url, { timeouts, repeatable: true })));
      settled += (await Promise.allSettled(calls)).length;
    }
    expect(settled).toBe(500);
  });
});

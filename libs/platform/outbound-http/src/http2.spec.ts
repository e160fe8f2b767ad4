import { once } from 'node:events';
import type { RequestListener } from 'node:http';
import { createSecureServer, type ServerHttp2Stream } from 'node:http2';
import { createServer as createHttpsServer } from 'node:https';
import { createServer, type Server } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { aCall, answer, http2Receiver } from './testing/http2.fixtures.js';
import { anOutbound, aRequest, closeAll, failureOf, listening } from './testing/outbound.fixtures.js';
import { aCertificate } from './testing/test-authority.js';

afterEach(closeAll);

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

  it('lets calls that wait for one connection share its failure', async () => {
    let connections = 0;
    const mute = (await listening(createServer(() => (connections += 1)))).replace('http:', 'https:');
    const outbound = anOutbound();
    const timeouts = { connectMs: 200, firstByteMs: 5_000, totalMs: 5_000 };
    const failures = await Promise.all(
      Array.from({ length: 10 }, () => failureOf(outbound.request(aCall(mute, { timeouts })))),
    );
    expect(new Set(failures.map(({ code, message }) => `${code}: ${message}`))).toEqual(
      new Set(['connect_timeout: The TLS handshake was not finished in time.']),
    );
    expect(connections).toBe(1);
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
});

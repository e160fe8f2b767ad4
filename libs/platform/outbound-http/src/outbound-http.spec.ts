import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { AddressPolicy } from './address/address-policy.js';
import { OutboundHttp } from './outbound-http.js';
import { OutboundHttpSettings } from './outbound-http.settings.js';
import {
  anOutbound,
  aRequest,
  closeAll,
  failureOf,
  listening,
  rawReceiver,
  receiver,
} from './testing/outbound.fixtures.js';

afterEach(closeAll);

describe('an outbound request', () => {
  it('sends method, path, headers and body as given and brings the answer', async () => {
    const seen: unknown[] = [];
    const base = await receiver((request, response) => {
      request.setEncoding('utf8').on('data', (body: string) => seen.push(request.method, request.url, body));
      request.on('end', () => {
        seen.push(request.rawHeaders.includes('X-Case'), request.headers['content-length']);
        response.setHeader('Retry-After', '7').writeHead(503).end('busy');
      });
    });
    const answer = await anOutbound().request(aRequest(`${base}/hook?x=1#part`));
    expect(seen).toEqual(['POST', '/hook?x=1', '{"a":"ü"}', true, '10']);
    expect(answer).toMatchObject({ status: 503, truncated: false, headers: { 'retry-after': '7' } });
    expect(answer.body.toString()).toBe('busy');
    expect(answer.timings.connection?.connectMs).toBeGreaterThan(0);
    expect(answer.timings.totalMs).toBeGreaterThanOrEqual(Number(answer.timings.firstByteMs));
  });

  it('uses connections again', async () => {
    let connections = 0;
    const server = createHttpServer((request, response) => request.resume().on('end', () => response.end('ok')));
    server.on('connection', () => (connections += 1));
    const base = await listening(server);
    const outbound = anOutbound();
    const answers = [];
    for (let i = 0; i < 10; i += 1) answers.push(await outbound.request(aRequest(base)));
    // Two: a call made in the very moment of an answer finds its connection not free yet.
    expect(connections).toBeLessThanOrEqual(2);
    expect(answers[9]?.timings.connection).toBeNull();
  });

  it('does not follow redirects', async () => {
    let requests = 0;
    const base = await receiver((_, response) => {
      requests += 1;
      response.writeHead(302, { location: 'http://169.254.169.254/' }).end();
    });
    expect(await anOutbound().request(aRequest(base))).toMatchObject({ status: 302 });
    expect(requests).toBe(1);
  });

  it('cuts an endless body at the limit and ends its connection', async () => {
    const ended = Promise.withResolvers<void>();
    const base = await receiver((_, response) => {
      const chunk = Buffer.alloc(65_536, 'x');
      const pour = (): void => {
        while (!response.destroyed && response.write(chunk));
      };
      response.on('drain', pour).on('close', ended.resolve);
      pour();
    });
    const answer = await anOutbound().request(aRequest(base));
    expect(answer).toMatchObject({ status: 200, truncated: true });
    expect(answer.body.length).toBe(1_024);
    await ended.promise;
  });

  it('keeps a body of exactly the limit whole', async () => {
    const base = await receiver((_, response) => response.end('x'.repeat(1_024)));
    expect(await anOutbound().request(aRequest(base))).toMatchObject({ truncated: false });
  });

  it('gives up an answer that does not start', async () => {
    const base = await receiver(() => undefined);
    const error = await failureOf(
      anOutbound().request(aRequest(base, { timeouts: { connectMs: 500, firstByteMs: 100, totalMs: 5_000 } })),
    );
    expect(error).toMatchObject({ code: 'timeout', status: null });
  });

  it('holds one deadline over the whole call, whatever drips', async () => {
    const base = await rawReceiver('HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n', (socket) => {
      const drip = setInterval(() => socket.write('.'), 20);
      socket.on('close', () => clearInterval(drip));
    });
    const error = await failureOf(
      anOutbound().request(aRequest(base, { timeouts: { connectMs: 500, firstByteMs: 200, totalMs: 300 } })),
    );
    expect(error).toMatchObject({ code: 'timeout', status: 200 });
    // It would have come after half an hour.
    expect(error.message).toBe('The answer was 200, but its body was not complete within 300 ms.');
  });

  it('gives up a head that drips', async () => {
    const base = await rawReceiver('HTTP/1.1 200 OK\r\n', (socket) => {
      const drip = setInterval(() => socket.write('X: y\r\n'), 20);
      socket.on('close', () => clearInterval(drip));
    });
    const error = await failureOf(
      anOutbound().request(aRequest(base, { timeouts: { connectMs: 500, firstByteMs: 5_000, totalMs: 200 } })),
    );
    expect(error).toMatchObject({ code: 'timeout', message: 'There was no answer within 200 ms.' });
  });

  it.each([
    ['a reset', '', (socket: Socket) => socket.resetAndDestroy(), 'connection_reset'],
    ['a close before the answer', '', (socket: Socket) => socket.end(), 'connection_reset'],
    [
      'a reset in the body',
      'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc',
      (socket: Socket) => socket.resetAndDestroy(),
      'connection_reset',
    ],
    [
      'a body shorter than it says',
      'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc',
      (socket: Socket) => socket.end(),
      'invalid_response',
    ],
    [
      'a length that is no number',
      'HTTP/1.1 200 OK\r\nContent-Length: ten\r\n\r\nabc',
      (socket: Socket) => socket.end(),
      'invalid_response',
    ],
    [
      'two lengths',
      'HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd',
      (socket: Socket) => socket.end(),
      'invalid_response',
    ],
    ['bytes that are no HTTP', 'SSH-2.0-OpenSSH_9.2\r\n', (socket: Socket) => socket.end(), 'invalid_response'],
    [
      'chunks that break off',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab',
      (socket: Socket) => socket.end(),
      'invalid_response',
    ],
  ] as const)('tells %s apart', async (_, answer, after, code) => {
    const base = await rawReceiver(answer, after);
    expect(await failureOf(anOutbound().request(aRequest(base)))).toMatchObject({ code });
  });

  it('tells how much of an answer came before it broke off', async () => {
    const base = await rawReceiver('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc', (socket) => socket.end());
    const error = await failureOf(anOutbound().request(aRequest(base)));
    expect(error.message).toContain('answer was 200, but the connection ended after 3 of the 10 announced bytes');
  });

  it('bounds the head of an answer', async () => {
    const base = await rawReceiver(`HTTP/1.1 200 OK\r\nX: ${'y'.repeat(70_000)}\r\n\r\n`);
    expect(await failureOf(anOutbound().request(aRequest(base)))).toMatchObject({ code: 'invalid_response' });
  });

  it('says that nothing listens', async () => {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, 'close');
    expect(await failureOf(anOutbound().request(aRequest(`http://127.0.0.1:${port}/`)))).toMatchObject({
      code: 'connection_refused',
    });
  });

  it('says that TLS is not spoken', async () => {
    const base = await receiver((_, response) => response.end());
    const error = await failureOf(anOutbound().request(aRequest(base.replace('http:', 'https:'))));
    expect(error.code).toBe('tls_error');
  });

  it('says that a name cannot be resolved', async () => {
    const outbound = anOutbound({}, () => Promise.reject(Object.assign(new Error('no'), { code: 'ENOTFOUND' })));
    expect(await failureOf(outbound.request(aRequest('http://nowhere.test/')))).toMatchObject({
      code: 'dns_failed',
      message: 'The host nowhere.test cannot be resolved (ENOTFOUND).',
    });
  });

  it('gives up a name whose server does not answer', async () => {
    const resolution = Promise.withResolvers<never>();
    const outbound = anOutbound({}, () => resolution.promise);
    const timeouts = { connectMs: 5_000, firstByteMs: 5_000, totalMs: 100 };
    const error = await failureOf(outbound.request(aRequest('http://slow.test/', { timeouts })));
    expect(error).toMatchObject({ code: 'timeout', message: 'The host was not resolved within 100 ms.' });
    // The attempt to connect goes on for who asks next.
    resolution.reject(Object.assign(new Error('no'), { code: 'ENOTFOUND' }));
  });

  it('gives up a connection that is not made in time, before the total deadline', async () => {
    const outbound = anOutbound({}, () => new Promise(() => undefined));
    const timeouts = { connectMs: 100, firstByteMs: 5_000, totalMs: 5_000 };
    const error = await failureOf(outbound.request(aRequest('http://slow.test/', { timeouts })));
    expect(error.code).toBe('connect_timeout');
  });

  it('refuses what the policy refuses, without a connection', async () => {
    let connections = 0;
    const server = createServer(() => (connections += 1));
    const port = new URL(await listening(server)).port;
    const outbound = anOutbound({ allowLoopback: false });
    for (const host of ['127.0.0.1', 'localhost', '[::1]', '[::ffff:127.0.0.1]', '0x7f.1']) {
      expect(await failureOf(outbound.request(aRequest(`http://${host}:${port}/`)))).toMatchObject({
        code: 'blocked_address',
      });
    }
    expect(connections).toBe(0);
  });

  it('is not fooled by a name that changes its address after it was checked', async () => {
    const base = await receiver((_, response) => response.end());
    const answers = ['93.184.216.34', '127.0.0.1'];
    const settings = Object.assign(new OutboundHttpSettings(), { allowLoopback: false });
    const policy = new AddressPolicy(settings, async () => [{ address: answers.shift() ?? '127.0.0.1', family: 4 }]);
    const outbound = new OutboundHttp(policy, settings);
    const url = `http://rebind.test:${new URL(base).port}/`;
    expect(await policy.checkUrl(url)).toBeUndefined();
    expect(await failureOf(outbound.request(aRequest(url)))).toMatchObject({ code: 'blocked_address' });
    await outbound.close();
  });

  it('connects to the address that was checked, whatever the name', async () => {
    const hosts: (string | undefined)[] = [];
    const base = await receiver((request, response) => {
      hosts.push(request.headers.host);
      response.end();
    });
    const outbound = anOutbound({}, async () => [{ address: '127.0.0.1', family: 4 }]);
    const { port } = new URL(base);
    expect(await outbound.request(aRequest(`http://hook.test:${port}/`))).toMatchObject({ status: 200 });
    expect(hosts).toEqual([`hook.test:${port}`]);
  });

  it('ends when the caller gives up, before it is sent and after', async () => {
    const arrived = Promise.withResolvers<void>();
    const base = await receiver(() => arrived.resolve());
    const outbound = anOutbound();
    const giveUp = new AbortController();
    const failure = failureOf(outbound.request(aRequest(base, { signal: giveUp.signal })));
    await arrived.promise;
    giveUp.abort();
    expect(await failure).toMatchObject({ code: 'aborted' });
    expect(await failureOf(outbound.request(aRequest(base, { signal: giveUp.signal })))).toMatchObject({
      code: 'aborted',
    });
  });

  it('refuses a header that would smuggle another', async () => {
    const base = await receiver((_, response) => response.end());
    const error = await failureOf(anOutbound().request(aRequest(base, { headers: { 'x-a': 'b\r\nx-c: d' } })));
    expect(error.code).toBe('invalid_request');
  });

  it('waits for the answer behind an interim one', async () => {
    const base = await rawReceiver('HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n');
    expect(await anOutbound().request(aRequest(base))).toMatchObject({ status: 204 });
  });

  it('keeps the connections of a bounded number of origins', async () => {
    const closed = Promise.withResolvers<void>();
    const first = createHttpServer((request, response) => request.resume().on('end', () => response.end()));
    first.on('connection', (socket) => socket.on('close', closed.resolve));
    const outbound = anOutbound({ origins: 1 });
    await outbound.request(aRequest(await listening(first)));
    await outbound.request(aRequest(await receiver((_, response) => response.end())));
    await closed.promise;
  });
});

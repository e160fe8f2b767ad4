import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { OutboundRequest } from './exchange/outbound-request.js';
import {
  anOutbound,
  aRequest,
  closeAll,
  failureOf,
  listening,
  rawReceiver,
  receiver,
} from './testing/outbound.fixtures.js';
import { aCertificate } from './testing/test-authority.js';

afterEach(closeAll);

const secure = async (server: Server): Promise<string> => (await listening(server)).replace('http:', 'https:');
const failing = async (url: string, overrides?: Partial<OutboundRequest>) =>
  failureOf(anOutbound().request(aRequest(url, overrides)));

describe('a receiver whose TLS is not right', () => {
  const withCertificate = (name: Parameters<typeof aCertificate>[0]) =>
    secure(createHttpsServer(aCertificate(name), (_, response) => response.end()));

  it('is called when its certificate is right', async () => {
    expect(await anOutbound().request(aRequest(await withCertificate('good')))).toMatchObject({ status: 200 });
  });

  it.each([
    ['expired', 'The TLS certificate has expired. (CERT_HAS_EXPIRED)'],
    [
      'self-signed',
      'The TLS certificate is self-signed: no authority that is trusted issued it. (DEPTH_ZERO_SELF_SIGNED_CERT)',
    ],
  ] as const)('is told that its certificate is %s', async (name, message) => {
    const error = await failing(await withCertificate(name));
    expect(error).toMatchObject({ code: 'tls_error', message });
    expect(error.timings?.connection).toMatchObject({ connectMs: expect.any(Number), tlsMs: null });
  });

  it('is told what host its certificate is for', async () => {
    const error = await failing(await withCertificate('wrong-host'));
    expect(error.code).toBe('tls_error');
    expect(error.message).toContain('The TLS certificate is for another host:');
    expect(error.message).toContain('127.0.0.1');
  });

  it('is told that its port speaks plain HTTP', async () => {
    const base = await receiver((_, response) => response.end());
    const error = await failing(base.replace('http:', 'https:'));
    expect(error.code).toBe('tls_error');
    expect(error.message).toContain('The port does not speak TLS; is it plain HTTP?');
  });

  it('is told that it closed the connection in the handshake', async () => {
    const closes = createServer((socket) => socket.once('data', () => socket.end()));
    expect(await failing(await secure(closes))).toMatchObject({
      code: 'tls_error',
      message: 'The connection was closed in the TLS handshake.',
    });
  });

  it('is given up when its handshake hangs', async () => {
    const timeouts = { connectMs: 150, firstByteMs: 2_000, totalMs: 5_000 };
    expect(await failing(await secure(createServer(() => undefined)), { timeouts })).toMatchObject({
      code: 'connect_timeout',
      message: 'The TLS handshake was not finished in time.',
    });
  });
});

describe('a receiver that sends too much', () => {
  it('has a gigabyte of its answer cut near the limit: the rest is not even read', async () => {
    const gigabyte = 1_000_000_000;
    const sent = Promise.withResolvers<number>();
    const base = await receiver((request, response) => {
      const { socket } = request;
      response.writeHead(200, { 'content-length': gigabyte });
      const chunk = Buffer.alloc(1_048_576, 'x');
      const pour = (): void => {
        while (!socket.destroyed && response.write(chunk));
      };
      response.on('drain', pour);
      socket.on('close', () => sent.resolve(socket.bytesWritten));
      pour();
    });
    const answer = await anOutbound().request(aRequest(base));
    expect(answer).toMatchObject({ status: 200, truncated: true });
    expect(answer.body.length).toBe(1_024);
    // What the two kernels hold between them counts as well.
    expect(await sent.promise).toBeLessThan(gigabyte / 20);
  });

  it('is given up when interim answers never end', async () => {
    const base = await rawReceiver('HTTP/1.1 103 Early Hints\r\n\r\n', (socket) => {
      const more = setInterval(() => socket.write('HTTP/1.1 103 Early Hints\r\n\r\n'.repeat(100)), 5);
      socket.on('close', () => clearInterval(more));
    });
    const error = await failing(base, { timeouts: { connectMs: 500, firstByteMs: 5_000, totalMs: 200 } });
    expect(error).toMatchObject({ code: 'timeout', status: null });
  });

  it('is believed as far as it said that its answer goes', async () => {
    const base = await rawReceiver('HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabcdef', (socket) => socket.end());
    const { status, body } = await anOutbound().request(aRequest(base));
    // The whole answer was there before the surplus.
    expect([status, body.toString()]).toEqual([200, 'abc']);
  });
});

describe('a receiver that breaks off', () => {
  it.each([
    ['before the head', '', null],
    ['in the head', 'HTTP/1.1 200 OK\r\nX-Half: ', null],
    ['after the head', 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n', 200],
    ['in the body', 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc', 200],
  ])('%s with a reset is a failed attempt that says so', async (_, answer, status) => {
    const reset = createServer((socket: Socket) => {
      socket.once('data', () => {
        if (answer === '') socket.resetAndDestroy();
        else socket.write(answer, () => setImmediate(() => socket.resetAndDestroy()));
      });
    });
    const error = await failing(await listening(reset));
    expect(error).toMatchObject({ code: 'connection_reset', status });
    expect(error.message).toContain(
      status === null ? 'reset before' : 'The answer was 200, but the connection was reset',
    );
  });

  it('after it answered a request that it did not read to the end has answered', async () => {
    const base = await rawReceiver(
      'HTTP/1.1 413 Payload Too Large\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno',
      (socket) => socket.end(),
    );
    const answer = await anOutbound().request(aRequest(base, { body: 'x'.repeat(300_000) }));
    expect(answer.status).toBe(413);
    expect(answer.body.toString()).toBe('no');
  });
});

describe('a connection that the receiver closes just as it is used', () => {
  /** Answers the first request of each connection and closes it on the second; counts what came. */
  async function closesKeptConnections(onSecond: (socket: Socket) => void) {
    const seen = { requests: 0, connections: 0 };
    const server = createServer((socket) => {
      seen.connections += 1;
      let ofThis = 0;
      socket.on('data', () => {
        seen.requests += 1;
        ofThis += 1;
        if (ofThis === 1) socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
        else onSecond(socket);
      });
    });
    return { base: await listening(server), seen };
  }

  it.each([
    ['with a FIN', (socket: Socket) => void socket.end()],
    ['with a reset', (socket: Socket) => void socket.resetAndDestroy()],
  ])('%s makes no failed attempt: the call is repeated once on a new one', async (_, close) => {
    const { base, seen } = await closesKeptConnections(close);
    const outbound = anOutbound({ connectionsPerOrigin: 1 });
    await outbound.request(aRequest(base, { repeatable: true }));
    const second = await outbound.request(aRequest(base, { repeatable: true }));
    expect(second).toMatchObject({ status: 200, timings: { connection: { connectMs: expect.any(Number) } } });
    expect(seen).toEqual({ requests: 3, connections: 2 });
  });

  it('fails a call that must not be repeated', async () => {
    const { base, seen } = await closesKeptConnections((socket) => void socket.end());
    const outbound = anOutbound({ connectionsPerOrigin: 1 });
    await outbound.request(aRequest(base));
    expect(await failureOf(outbound.request(aRequest(base)))).toMatchObject({ code: 'connection_reset' });
    expect(seen).toEqual({ requests: 2, connections: 1 });
  });

  it('fails a call whose connection was new, and one whose answer had begun', async () => {
    let requests = 0;
    const dead = createServer((socket) => socket.once('data', () => ((requests += 1), socket.end())));
    expect(await failing(await listening(dead), { repeatable: true })).toMatchObject({ code: 'connection_reset' });
    expect(requests).toBe(1);

    const half = await closesKeptConnections((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc', () => socket.resetAndDestroy());
    });
    const outbound = anOutbound({ connectionsPerOrigin: 1 });
    await outbound.request(aRequest(half.base, { repeatable: true }));
    await failureOf(outbound.request(aRequest(half.base, { repeatable: true })));
    expect(half.seen.connections).toBe(1);
  });

  it('is repeated once only', async () => {
    let connections = 0;
    const server = createHttpServer((request, response) => request.resume().on('end', () => response.end('ok')));
    server.on('connection', (socket) => {
      connections += 1;
      // From the second connection on nothing is answered.
      if (connections > 1) socket.once('data', () => socket.destroy());
    });
    server.on('request', (request) => {
      if (request.headers['x-last'] === 'yes') request.socket.destroy();
    });
    const base = await listening(server);
    const outbound = anOutbound({ connectionsPerOrigin: 1 });
    await outbound.request(aRequest(base, { repeatable: true }));
    const last = aRequest(base, { repeatable: true, headers: { 'x-last': 'yes' } });
    expect(await failureOf(outbound.request(last))).toMatchObject({ code: 'connection_reset' });
    expect(connections).toBe(2);
  });
});

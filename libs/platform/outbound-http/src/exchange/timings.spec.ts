import type { ServerResponse } from 'node:http';
import { createServer } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { ResolveHost } from '../address/resolve-host.js';
import {
  anOutbound,
  aRequest,
  closeAll,
  failureOf,
  listening,
  rawReceiver,
  receiver,
} from '../testing/outbound.fixtures.js';

afterEach(closeAll);

const aNumber: unknown = expect.any(Number);
const onLoopback: ResolveHost = async () => [{ address: '127.0.0.1', family: 4 }];
const named = (base: string, host = 'hook.test'): string => base.replace('127.0.0.1', host);

describe('the timings of a call', () => {
  it('tell the steps of the connection that it waited for', async () => {
    const base = await receiver((_, response) => response.end());
    const { timings, version } = await anOutbound({}, onLoopback).request(aRequest(named(base)));
    expect(timings).toEqual({
      connection: { dnsMs: aNumber, connectMs: aNumber, tlsMs: null },
      firstByteMs: aNumber,
      totalMs: aNumber,
    });
    const { dnsMs, connectMs } = timings.connection ?? {};
    expect(Number(dnsMs) + Number(connectMs) + Number(timings.firstByteMs)).toBeLessThanOrEqual(timings.totalMs);
    expect(version).toBe('http/1.1');
  });

  it('tell no look-up of a host that is an address', async () => {
    const base = await receiver((_, response) => response.end());
    const { timings } = await anOutbound().request(aRequest(base));
    expect(timings.connection).toEqual({ dnsMs: null, connectMs: aNumber, tlsMs: null });
  });

  it('tell of each call of several at once its own connection', async () => {
    const firstArrived = Promise.withResolvers<void>();
    const lookUps = [Promise.resolve(), firstArrived.promise];
    const waits: number[] = [];
    const slowSecond: ResolveHost = async (host) => {
      const asked = performance.now();
      await lookUps.shift();
      waits.push(performance.now() - asked);
      return onLoopback(host);
    };
    const held: ServerResponse[] = [];
    const base = named(
      await receiver((_, response) => {
        firstArrived.resolve();
        // Both are answered once both are there, so that neither finds the other's connection free.
        if (held.push(response) === 2) held.forEach((each) => each.end());
      }),
    );
    const outbound = anOutbound({}, slowSecond);
    const [first, second] = await Promise.all([outbound.request(aRequest(base)), outbound.request(aRequest(base))]);
    const [fast, slow] = [first, second].map((answer) => Number(answer?.timings.connection?.dnsMs));
    expect(fast).not.toBe(slow);
    expect(fast).toBeGreaterThanOrEqual(Number(waits[0]));
    expect(slow).toBeGreaterThanOrEqual(Number(waits[1]));
  });

  it('of a failure end where it failed', async () => {
    const timeouts = { connectMs: 100, firstByteMs: 100, totalMs: 2_000 };
    const nameless = anOutbound({}, () => Promise.reject(Object.assign(new Error('no'), { code: 'ENOTFOUND' })));
    const unknown = await failureOf(nameless.request(aRequest('http://nowhere.test/', { timeouts })));
    expect(unknown.timings).toMatchObject({ connection: { dnsMs: aNumber, connectMs: null }, firstByteMs: null });

    const base = named(await receiver(() => undefined));
    const silent = await failureOf(anOutbound({}, onLoopback).request(aRequest(base, { timeouts })));
    expect(silent.timings).toMatchObject({ connection: { connectMs: aNumber }, firstByteMs: null, totalMs: aNumber });

    const broken = await rawReceiver('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc', (socket) => socket.end());
    const short = await failureOf(anOutbound().request(aRequest(broken, { timeouts })));
    expect(short).toMatchObject({ status: 200, timings: { firstByteMs: aNumber, totalMs: aNumber } });
  });

  it('of a call that was late tell what it waited for', async () => {
    const mute = createServer(() => undefined);
    const base = (await listening(mute)).replace('http:', 'https:');
    const timeouts = { connectMs: 2_000, firstByteMs: 2_000, totalMs: 100 };
    const late = await failureOf(anOutbound().request(aRequest(base, { timeouts })));
    expect(late).toMatchObject({
      code: 'timeout',
      message: 'The TLS handshake was not finished within 100 ms.',
      timings: { connection: { connectMs: aNumber, tlsMs: null }, firstByteMs: null },
    });
  });

  it('are missing when nothing was tried', async () => {
    expect((await failureOf(anOutbound().request(aRequest('http://169.254.169.254/')))).timings).toBeNull();
  });
});

import { describe, expect, it } from '@jest/globals';
import type { Socket } from 'node:net';
import { addressBehind } from './client-address.js';

const ask = (trusted: string[], remoteAddress: string, forwardedFor?: string): string =>
  addressBehind(trusted)({
    socket: { remoteAddress } as Socket,
    headers: forwardedFor === undefined ? {} : { 'x-forwarded-for': forwardedFor },
  });

describe('the address of a client', () => {
  it.each([
    ['is that of the connection when no proxy is trusted', [], '203.0.113.9', '1.1.1.1', '203.0.113.9'],
    ['is that of the connection when it is no trusted proxy', ['10.0.0.0/8'], '203.0.113.9', '1.1.1.1', '203.0.113.9'],
    ['is what the trusted proxy names', ['10.0.0.0/8'], '::ffff:10.1.2.3', '198.51.100.7', '198.51.100.7'],
    [
      'is the last that no trusted proxy has',
      ['10.0.0.1', 'loopback'],
      '127.0.0.1',
      '6.6.6.6, 2.2.2.2, 10.0.0.1',
      '2.2.2.2',
    ],
    ['is the first named when any proxy is trusted', ['true'], '127.0.0.1', '6.6.6.6, 2.2.2.2', '6.6.6.6'],
    ['may be of version 6', ['fc00::/7'], 'fd00::1', '2001:db8::7', '2001:db8::7'],
    ['is that of the proxy when it names none', ['loopback'], '::1', undefined, '::1'],
  ])('%s', (_what, trusted, remote, header, address) => {
    expect(ask(trusted, remote, header)).toBe(address);
  });
});

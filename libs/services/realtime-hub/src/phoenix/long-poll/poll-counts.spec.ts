import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { addressBehind } from '../../client-address.js';
import { PollCounts } from './poll-counts.js';

const from = (remoteAddress: string) => ({ headers: {}, socket: { remoteAddress } }) as unknown as IncomingMessage;

describe('long polls of one address', () => {
  const ask = (counts: PollCounts, address: string, now = 0) => counts.isTooMany(from(address), now);

  it('are too many above the limit, until the next minute', () => {
    const counts = new PollCounts(2, addressBehind([]));
    expect([1, 2, 3].map(() => ask(counts, '192.0.2.1'))).toEqual([false, false, true]);
    expect(ask(counts, '192.0.2.2')).toBe(false);
    expect(ask(counts, '192.0.2.1', 59_999)).toBe(true);
    expect(ask(counts, '192.0.2.1', 60_000)).toBe(false);
  });

  it('count with those of its network', () => {
    const counts = new PollCounts(1, addressBehind([]));
    expect(['2001:db8::1', '2001:db8::2', '2001:db8:1::1'].map((one) => ask(counts, one))).toEqual([
      false,
      true,
      false,
    ]);
  });

  it('are not counted without a limit', () => {
    const counts = new PollCounts(0, () => {
      throw new Error('nobody asks for the address');
    });
    expect(ask(counts, '192.0.2.1')).toBe(false);
  });
});

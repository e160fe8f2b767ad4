import { describe, expect, it } from '@jest/globals';
import { RealtimeSettings } from './realtime.settings.js';
import { sharesBy } from './shares-by.js';
import { SharesInUse, untilJoinsBeginAnew, type Share } from './shares.js';

const share = (key: string, mostSockets: number, mostJoins = 0): Share => ({
  key,
  what: 'address',
  mostSockets,
  mostJoins,
});

describe('shares of a process', () => {
  it('take sockets up to their limit, and again when one closes', () => {
    const shares = new SharesInUse();
    const both = [share('a', 2), share('b', 0)];
    shares.opened(both);
    shares.opened(both);
    expect(shares.fullForSocket(both)).toBe(both[0]);
    expect(shares.fullForSocket([share('c', 1)])).toBeUndefined();
    shares.closed(both);
    expect(shares.fullForSocket(both)).toBeUndefined();
  });

  it('take joins up to their limit within a minute, and again in the next', () => {
    const shares = new SharesInUse();
    const one = [share('a', 0, 2)];
    const full = [0, 1, 2, 59_999, 60_000].map((now) => shares.fullForJoin(one, now)?.key);
    expect(full).toEqual([undefined, undefined, 'a', 'a', undefined]);
    expect(shares.fullForJoin([share('b', 0, 1)], 60_000)).toBeUndefined();
    expect([60_000, 60_001, 119_999].map(untilJoinsBeginAnew)).toEqual([60_000, 59_999, 1]);
  });

  it('without limits are not counted', () => {
    expect(new SharesInUse().fullForJoin([], 0)).toBeUndefined();
  });
});

describe('what clients have in common', () => {
  const ids = {
    address: ({ address }: { address: string; token?: string }) => address,
    token: ({ token }: { address: string; token?: string }) => token,
    project: () => 'p1',
  };
  const settings = (limits: Partial<RealtimeSettings>) => Object.assign(new RealtimeSettings(), limits);

  it('is not looked at without limits', () => {
    expect(sharesBy(settings({}), ids)).toBeUndefined();
  });

  it('is what is limited, as far as the client has it', () => {
    const sharesOf = sharesBy(settings({ maxSocketsPerToken: 3, maxJoinsPerIp: 5 }), ids);
    const address = { key: 'address 192.0.2.7', what: 'address', mostSockets: 0, mostJoins: 5 };
    expect(sharesOf?.({ address: '192.0.2.7' })).toEqual([address]);
    expect(sharesOf?.({ address: '::ffff:192.0.2.7', token: 'c1' })).toEqual([
      address,
      { key: 'token c1', what: 'token', mostSockets: 3, mostJoins: 0 },
    ]);
  });

  it('is one address for all that one household may choose from', () => {
    const sharesOf = sharesBy(settings({ maxSocketsPerIp: 1 }), ids);
    const keys = ['2001:db8:1:2::1', '2001:db8:1:2::2'].map((address) => sharesOf?.({ address })[0]?.key);
    expect(new Set(keys).size).toBe(1);
  });
});

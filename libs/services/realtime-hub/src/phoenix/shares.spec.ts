import { describe, expect, it } from '@jest/globals';
import { SharesInUse, type Share } from './shares.js';

const share = (key: string, mostSockets: number, mostJoins = 0): Share => ({
  key,
  what: 'address',
  mostSockets,
  mostJoins,
});

describe('shares of a server', () => {
  it('take sockets up to their limit, and again when one closes', () => {
    const shares = new SharesInUse();
    const both = [share('a', 2), share('b', 0)];
    shares.opened(both);
    shares.opened(both);
    expect(shares.refusalOfSocket(both)).toBe('too many sockets of this address');
    expect(shares.refusalOfSocket([share('c', 1)])).toBeUndefined();
    shares.closed(both);
    expect(shares.refusalOfSocket(both)).toBeUndefined();
  });

  it('take joins up to their limit within a minute, and again in the next', () => {
    const shares = new SharesInUse();
    const one = [share('a', 0, 2)];
    const refusals = [0, 1, 2, 59_999, 60_000].map((now) => shares.refusalOfJoin(one, now));
    const refused = 'too many joins of this address';
    expect(refusals).toEqual([undefined, undefined, refused, refused, undefined]);
    expect(shares.refusalOfJoin([share('b', 0, 1)], 60_000)).toBeUndefined();
  });

  it('without limits are not counted', () => {
    expect(new SharesInUse().refusalOfJoin([], 0)).toBeUndefined();
  });
});

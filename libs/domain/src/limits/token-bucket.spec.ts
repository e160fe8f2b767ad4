import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { bucketAt, millisecondsUntil, takeTokens, type TokenBucket } from './token-bucket.js';

const limit = { requests: 10, seconds: 5 };
const now = 1_000_000;

describe('a token bucket', () => {
  it('is full at first and gives no more than it has', () => {
    expect(takeTokens(undefined, limit, 4, now)).toEqual({ taken: 4, bucket: { tokens: 6, at: now } });
    expect(takeTokens(undefined, limit, 40, now)).toEqual({ taken: 10, bucket: { tokens: 0, at: now } });
  });

  it('fills evenly, up to its limit', () => {
    const empty = { tokens: 0, at: now };
    expect(bucketAt(empty, limit, now + 500).tokens).toBe(1);
    expect(bucketAt(empty, limit, now + 5_000).tokens).toBe(10);
    expect(bucketAt(empty, limit, now + 500_000).tokens).toBe(10);
  });

  it('gives whole tokens only, and keeps the fraction', () => {
    const { taken, bucket } = takeTokens({ tokens: 0, at: now }, limit, 5, now + 750);
    expect(taken).toBe(1);
    expect(bucket.tokens).toBeCloseTo(0.5);
  });

  it('tells how long a token takes to come', () => {
    expect(millisecondsUntil({ tokens: 0, at: now }, limit, 1)).toBe(500);
    expect(millisecondsUntil({ tokens: 0.5, at: now }, limit, 1)).toBe(250);
    expect(millisecondsUntil({ tokens: 3, at: now }, limit, 1)).toBe(0);
  });

  it('gains nothing from a clock that goes back and forth', () => {
    const { bucket } = takeTokens(undefined, limit, 10, now);
    const back = takeTokens(bucket, limit, 1, now - 10_000);
    expect(back.taken).toBe(0);
    expect(takeTokens(back.bucket, limit, 1, now).taken).toBe(0);
  });

  it('never lets more through than its size and what came back, whatever is asked when', () => {
    const asks = fc.array(fc.record({ wait: fc.nat(3_000), wanted: fc.nat(20) }), { maxLength: 50 });
    fc.assert(
      fc.property(asks, (steps) => {
        let time = now;
        let bucket: TokenBucket | undefined;
        let taken = 0;
        for (const { wait, wanted } of steps) {
          time += wait;
          const outcome = takeTokens(bucket, limit, wanted, time);
          bucket = outcome.bucket;
          taken += outcome.taken;
          expect(bucket.tokens).toBeGreaterThanOrEqual(0);
        }
        const most = limit.requests + ((time - now) / 1_000) * (limit.requests / limit.seconds);
        expect(taken).toBeLessThanOrEqual(most + 1e-6);
      }),
    );
  });
});

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { bucketOf, percentileMs } from './duration-buckets.js';

function histogramOf(durations: readonly number[]) {
  const counts = new Map<number, number>();
  for (const ms of durations) counts.set(bucketOf(ms), (counts.get(bucketOf(ms)) ?? 0) + 1);
  return { counts, maxMs: Math.max(0, ...durations) };
}

describe('percentiles from buckets', () => {
  it('are null without durations', () => {
    expect(percentileMs({ counts: new Map(), maxMs: 0 }, 0.5)).toBeNull();
  });

  it('of one duration are about that duration', () => {
    for (const ms of [0, 1, 7, 480, 30_000]) {
      const p99 = percentileMs(histogramOf([ms]), 0.99);
      expect(p99).toBe(ms);
    }
  });

  it('are within a bucket of the exact value, and never over the longest', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 600_000 }), { minLength: 1, maxLength: 300 }),
        fc.constantFrom(0.5, 0.95, 0.99),
        (durations, share) => {
          const sorted = durations.toSorted((one, other) => one - other);
          const exact = sorted[Math.max(1, Math.ceil(share * sorted.length)) - 1] ?? 0;
          const estimate = percentileMs(histogramOf(durations), share) ?? -1;
          expect(Math.abs(estimate - exact)).toBeLessThanOrEqual(Math.max(1, 0.2 * exact));
          expect(estimate).toBeLessThanOrEqual(Math.max(...durations));
        },
      ),
    );
  });
});

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { retryAfterMsOf } from './retry-after.js';
import { defaultRetryPolicy, nextDelayMs, type RetryCircumstances } from './retry-schedule.js';

const delay = (overrides: Partial<RetryCircumstances> = {}): number | undefined =>
  nextDelayMs({
    policy: defaultRetryPolicy,
    failedAttempt: 1,
    jitter: 0,
    retryAfterMs: null,
    timeScale: 1,
    ...overrides,
  });

describe('the retry schedule', () => {
  it('is the documented one: eight attempts', () => {
    const delays = [1, 2, 3, 4, 5, 6, 7, 8].map((failedAttempt) => delay({ failedAttempt }));
    expect(delays).toEqual([5_000, 30_000, 120_000, 600_000, 1_800_000, 3_600_000, 7_200_000, undefined]);
  });

  it('prolongs a delay by up to a tenth, so that retries spread', () => {
    expect(delay({ jitter: 0.5 })).toBe(5_250);
    expect(delay({ jitter: 1 })).toBe(5_500);
  });

  it('waits for what the endpoint asks when that is longer, but not for ever', () => {
    expect(delay({ retryAfterMs: 1_000 })).toBe(5_000);
    expect(delay({ retryAfterMs: 90_000 })).toBe(90_000);
    expect(delay({ retryAfterMs: 10 ** 15 })).toBe(86_400_000);
    expect(delay({ failedAttempt: 8, retryAfterMs: 90_000 })).toBeUndefined();
  });

  it('is divided by the time scale', () => {
    expect(delay({ timeScale: 100 })).toBe(50);
    expect(delay({ timeScale: 100, retryAfterMs: 90_000 })).toBe(900);
  });

  it('gives a delay within its bounds, whatever comes', () => {
    const circumstances = fc.record({
      failedAttempt: fc.integer({ min: 1, max: 7 }),
      jitter: fc.double({ min: 0, max: 1, noNaN: true }),
      retryAfterMs: fc.option(fc.integer()),
    });
    fc.assert(
      fc.property(circumstances, (chosen) => {
        const given = delay(chosen) ?? 0;
        expect(given).toBeGreaterThanOrEqual(defaultRetryPolicy.delaysMs[chosen.failedAttempt] ?? 0);
        expect(given).toBeLessThanOrEqual(86_400_000);
      }),
    );
  });
});

describe('Retry-After', () => {
  const now = Date.parse('2026-01-01T00:00:00.000Z');

  it.each([
    ['0', 0],
    ['120', 120_000],
    [' 7 ', 7_000],
    ['Thu, 01 Jan 2026 00:01:00 GMT', 60_000],
    ['Thursday, 01-Jan-26 00:01:00 GMT', 60_000],
    ['Wed, 31 Dec 2025 23:59:00 GMT', 0],
  ])('%j is a wait of %i ms', (header, expected) => {
    expect(retryAfterMsOf(header, now)).toBe(expected);
  });

  it.each([[undefined], [''], ['soon'], ['-5'], ['1.5'], ['5s'], ['Mon, never'], ['2026-01-01']])(
    'says nothing when it is %j',
    (header) => {
      expect(retryAfterMsOf(header, now)).toBeNull();
    },
  );
});

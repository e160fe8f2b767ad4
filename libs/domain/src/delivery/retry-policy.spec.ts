import { describe, expect, it } from '@jest/globals';
import type { RetrySetting } from '@headrace/contracts';
import fc from 'fast-check';
import { retryContradictions, retryLimits, retryPolicyOf } from './retry-policy.js';
import { defaultRetryPolicy, nextDelayMs } from './retry-schedule.js';

const exponential = { attempts: 5, initialSeconds: 2, factor: 3, maxSeconds: 20 };
const fieldsOf = (setting: RetrySetting): string[] => retryContradictions(setting).map(({ field }) => field);

describe('a retry policy', () => {
  it('is the documented schedule where nothing is said', () => {
    expect(retryPolicyOf(null)).toBe(defaultRetryPolicy);
  });

  it('waits as the list says, in seconds', () => {
    expect(retryPolicyOf({ scheduleSeconds: [0, 1, 60, 0.5] }).delaysMs).toEqual([0, 1_000, 60_000, 500]);
    expect(retryPolicyOf({ scheduleSeconds: [0] }).delaysMs).toEqual([0]);
  });

  it('makes the first attempt at once, also where the list leaves the leading 0 out', () => {
    expect(retryPolicyOf({ scheduleSeconds: [5, 30] }).delaysMs).toEqual([0, 5_000, 30_000]);
  });

  it('waits longer each time, up to the limit', () => {
    expect(retryPolicyOf(exponential).delaysMs).toEqual([0, 2_000, 6_000, 18_000, 20_000]);
    expect(retryPolicyOf({ ...exponential, attempts: 1 }).delaysMs).toEqual([0]);
  });

  it.each<[string, RetrySetting, string[]]>([
    ['no attempt', { scheduleSeconds: [] }, ['scheduleSeconds']],
    ['too many attempts', { scheduleSeconds: Array<number>(51).fill(0) }, ['scheduleSeconds']],
    [
      'too many with the one that goes without saying',
      { scheduleSeconds: Array<number>(50).fill(1) },
      ['scheduleSeconds'],
    ],
    [
      'waits back in time or too long',
      { scheduleSeconds: [0, -1, 604_801, Number.NaN] },
      ['scheduleSeconds.1', 'scheduleSeconds.2', 'scheduleSeconds.3'],
    ],
    ['more than two weeks in all', { scheduleSeconds: [0, 604_800, 604_800, 1] }, ['scheduleSeconds']],
    ['attempts that are not whole', { ...exponential, attempts: 1.5 }, ['attempts']],
    ['no attempt of a growing wait', { ...exponential, attempts: 0 }, ['attempts']],
    ['no first wait', { ...exponential, initialSeconds: 0 }, ['initialSeconds']],
    ['waits that shrink', { ...exponential, factor: 0.5 }, ['factor']],
    ['waits that explode', { ...exponential, factor: 11 }, ['factor']],
    ['a limit below the first wait', { ...exponential, maxSeconds: 1 }, ['maxSeconds']],
    ['a limit that is too high', { ...exponential, maxSeconds: 604_801 }, ['maxSeconds']],
    [
      'several at once',
      { attempts: 99, initialSeconds: -1, factor: 0, maxSeconds: 1e9 },
      ['attempts', 'initialSeconds', 'factor', 'maxSeconds'],
    ],
    [
      'growing to more than two weeks in all',
      { ...exponential, attempts: 50, initialSeconds: 604_800, maxSeconds: 604_800 },
      ['attempts'],
    ],
  ])('names what cannot be followed: %s', (_case, setting, fields) => {
    expect(fieldsOf(setting)).toEqual(fields);
  });

  const number = fc.oneof(fc.double(), fc.integer({ min: -2, max: 100 }), fc.integer({ min: 0, max: 700_000 }));
  const setting: fc.Arbitrary<RetrySetting> = fc.oneof(
    fc.record({ scheduleSeconds: fc.array(number, { maxLength: 60 }) }),
    fc.record({ scheduleSeconds: fc.array(fc.integer({ min: 0, max: 60_000 }), { maxLength: 60 }) }),
    fc.record({ attempts: number, initialSeconds: number, factor: number, maxSeconds: number }),
  );

  it('that nothing contradicts has attempts and waits within the limits, the first one at once', () => {
    fc.assert(
      fc.property(setting, (chosen) => {
        fc.pre(retryContradictions(chosen).length === 0);
        const { delaysMs } = retryPolicyOf(chosen);
        expect(delaysMs.length).toBeGreaterThanOrEqual(1);
        expect(delaysMs.length).toBeLessThanOrEqual(retryLimits.attempts);
        expect(delaysMs[0]).toBe(0);
        expect(delaysMs.every((wait) => Number.isInteger(wait) && wait >= 0)).toBe(true);
        expect(delaysMs.reduce((sum, wait) => sum + wait, 0)).toBeLessThanOrEqual(retryLimits.totalSeconds * 1_001);
      }),
    );
  });

  it('that grows never waits less than the time before', () => {
    const growing = fc.record({
      attempts: fc.integer({ min: 1, max: 50 }),
      initialSeconds: fc.double({ min: 0.001, max: 1_000, noNaN: true }),
      factor: fc.double({ min: 1, max: 10, noNaN: true }),
      maxSeconds: fc.integer({ min: 1_000, max: 20_000 }),
    });
    fc.assert(
      fc.property(growing, (chosen) => {
        expect(retryContradictions(chosen)).toEqual([]);
        const { delaysMs } = retryPolicyOf(chosen);
        expect(delaysMs).toEqual(delaysMs.toSorted((one, other) => one - other));
      }),
    );
  });

  it('ends after as many attempts as it has', () => {
    const after = (failedAttempt: number) =>
      nextDelayMs({ policy: retryPolicyOf(exponential), failedAttempt, jitter: 0, retryAfterMs: null, timeScale: 1 });
    expect([1, 2, 3, 4, 5].map(after)).toEqual([2_000, 6_000, 18_000, 20_000, undefined]);
  });
});

import { describe, expect, it } from '@jest/globals';
import { RateLimits } from './rate-limits.js';

function someRates() {
  const clock = { now: 1_000_000 };
  return {
    clock,
    rates: new RateLimits(
      () => clock.now,
      () => 0,
    ),
  };
}

describe('the rate limit of an endpoint', () => {
  it('lets a second’s allowance begin at once, and then one after the other', () => {
    const { rates, clock } = someRates();
    const taken = (): number => Array.from({ length: 100 }, () => rates.take('a', 10, true)).filter(Boolean).length;
    expect(taken()).toBe(10);
    clock.now += 100;
    expect(taken()).toBe(1);
    clock.now += 60_000;
    expect(taken()).toBe(10);
  });

  it('may be less than one a second', () => {
    const { rates, clock } = someRates();
    expect(rates.take('a', 0.1, false)).toBe(true);
    expect(rates.take('a', 0.1, false)).toBe(false);
    clock.now += 9_999;
    expect(rates.take('a', 0.1, false)).toBe(false);
    clock.now += 1;
    expect(rates.take('a', 0.1, false)).toBe(true);
  });

  it('gives each that is too many a time of its own, at which it finds its place free', () => {
    const { rates, clock } = someRates();
    while (rates.take('a', 10, false));
    const times = Array.from({ length: 500 }, () => rates.comeBackAt('a', 10));
    expect(new Set(times).size).toBe(500);
    expect((times.at(-1) ?? 0) - clock.now).toBeLessThanOrEqual(51_100);
    for (const time of times) {
      clock.now = time;
      // Newcomers do not take what those have waited for.
      expect(rates.take('a', 10, false)).toBe(time === times.at(-1));
      if (time !== times.at(-1)) expect(rates.take('a', 10, true)).toBe(true);
    }
  });

  it('is not used up by what came to nothing', () => {
    const { rates } = someRates();
    expect(rates.take('a', 1, false)).toBe(true);
    rates.giveBack('a', 1);
    expect(rates.take('a', 1, false)).toBe(true);
  });
});

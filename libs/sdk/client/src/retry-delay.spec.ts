import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { retryDelay } from './retry-delay.js';

const withChance = (chance: number, failures: number, code?: number): number => {
  jest.spyOn(Math, 'random').mockReturnValue(chance);
  return retryDelay(failures, code);
};
afterEach(() => {
  jest.restoreAllMocks();
});

describe('the delay before the next try', () => {
  it('doubles with each failure, up to ten seconds', () => {
    expect([0, 1, 2, 5, 7, 100].map((failures) => withChance(1, failures))).toEqual([
      100, 200, 400, 3_200, 10_000, 10_000,
    ]);
  });

  it('is spread over half of itself', () => {
    expect([withChance(0, 4), withChance(0.5, 4)]).toEqual([800, 1_200]);
  });

  it('is spread over three seconds when the server restarts', () => {
    expect([0, 0.5, 1].map((chance) => withChance(chance, 0, 1012))).toEqual([0, 1_500, 3_000]);
  });

  it('grows as always when the server is still away after its restart', () => {
    expect(withChance(1, 1, 1012)).toBe(200);
  });
});

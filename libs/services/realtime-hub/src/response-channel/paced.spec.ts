import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Paced } from './paced.js';

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

function aPace() {
  const done: number[] = [];
  const paced = new Paced(2, 20);
  return { done, paced, ask: (...numbers: number[]) => numbers.forEach((n) => paced.soon(() => done.push(n))) };
}

describe('paced work', () => {
  it('is done in order, some of it in each turn', () => {
    const { done, ask } = aPace();
    ask(1, 2, 3);
    expect(done).toEqual([]);
    jest.advanceTimersByTime(20);
    expect(done).toEqual([1, 2]);
    ask(4);
    jest.advanceTimersByTime(20);
    expect(done).toEqual([1, 2, 3, 4]);
  });

  it('begins again when more comes after a rest, and keeps no timer while there is none', () => {
    const { done, ask } = aPace();
    ask(1);
    jest.advanceTimersByTime(20);
    expect(jest.getTimerCount()).toBe(0);
    ask(2);
    jest.advanceTimersByTime(20);
    expect(done).toEqual([1, 2]);
  });

  it('does not wait ever longer when more comes than the pace allows', () => {
    const { done, ask } = aPace();
    ask(...Array.from({ length: 10_000 }, (_, n) => n));
    jest.advanceTimersByTime(20);
    expect(done).toHaveLength(100);
    jest.advanceTimersByTime(20 * 1_000);
    expect(done).toEqual([...Array(10_000).keys()]);
  });

  it('is all done at the end', () => {
    const { done, paced, ask } = aPace();
    ask(1, 2, 3);
    paced.finish();
    expect(done).toEqual([1, 2, 3]);
    expect(jest.getTimerCount()).toBe(0);
  });
});

import { describe, expect, it } from '@jest/globals';
import { repeat } from './repeat.js';

const noFailure = (error: unknown): void => {
  throw error;
};

describe('a step that is repeated', () => {
  it('is done again and again, one after another, until it is stopped', async () => {
    const stopping = new AbortController();
    let [done, underWay] = [0, 0];
    const step = async () => {
      expect(++underWay).toBe(1);
      await Promise.resolve();
      underWay -= 1;
      if (++done === 5) stopping.abort();
      return 0;
    };
    await repeat(step, stopping.signal, noFailure);
    expect(done).toBe(5);
  });

  it('ends at once while it waits for the next time', async () => {
    const stopping = new AbortController();
    const step = () => {
      setImmediate(() => stopping.abort());
      return Promise.resolve(3_600_000);
    };
    await expect(repeat(step, stopping.signal, noFailure)).resolves.toBeUndefined();
  });

  it('is done again after a failure, of which only the first in a row is told', async () => {
    const stopping = new AbortController();
    const told: unknown[] = [];
    let tries = 0;
    const step = () => {
      tries += 1;
      if (tries <= 3) return Promise.reject(new Error(`failure ${tries}`));
      stopping.abort();
      return Promise.resolve(0);
    };
    await repeat(step, stopping.signal, (error) => told.push(error), 1);
    expect([tries, told]).toEqual([4, [new Error('failure 1')]]);
  });
});

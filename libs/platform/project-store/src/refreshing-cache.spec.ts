import { beforeEach, describe, expect, it } from '@jest/globals';
import { RefreshingCache } from './refreshing-cache.js';

interface Value {
  readonly text: string;
}

/** A source whose every load is answered by the test. */
class Source {
  readonly loads: { key: string; answer: (value: Value | undefined) => void; fail: () => void }[] = [];
  now = 0;
  stale = 0;

  readonly cache = new RefreshingCache<Value>({
    load: (key) =>
      new Promise((resolve, reject) => {
        this.loads.push({ key, answer: resolve, fail: () => reject(new Error('The source is away.')) });
      }),
    ttlMs: 100,
    absentTtlMs: 10,
    capacity: 3,
    patienceMs: 20,
    retryMs: 50,
    onStale: () => void (this.stale += 1),
    now: () => this.now,
  });

  /** Reads a key that is not held, answering the load. */
  async hold(key: string, text = key): Promise<void> {
    const reading = this.cache.get(key);
    this.answer({ text });
    await reading;
  }

  answer(value: Value | undefined): void {
    this.loads.at(-1)?.answer(value);
  }
}

describe('RefreshingCache', () => {
  let source: Source;
  beforeEach(() => {
    source = new Source();
  });

  it('gives what it holds without a promise', async () => {
    await source.hold('a');
    expect(source.cache.get('a')).toEqual({ text: 'a' });
    expect(source.loads).toHaveLength(1);
  });

  it('makes one load of concurrent reads', async () => {
    const readings = [1, 2, 3].map(async () => source.cache.get('a'));
    source.answer({ text: 'one' });
    expect(await Promise.all(readings)).toEqual([{ text: 'one' }, { text: 'one' }, { text: 'one' }]);
    expect(source.loads).toHaveLength(1);
  });

  it('gives a value past its time at once and refreshes it behind the reader', async () => {
    await source.hold('a', 'old');
    source.now = 150;
    expect(source.cache.get('a')).toEqual({ text: 'old' });
    await source.hold('a', 'new');
    expect(source.cache.get('a')).toEqual({ text: 'new' });
    expect(source.loads).toHaveLength(2);
  });

  it('refreshes a value long past its time before it gives it', async () => {
    await source.hold('a', 'old');
    source.now = 1_000;
    const reading = source.cache.get('a');
    source.answer({ text: 'new' });
    expect(await reading).toEqual({ text: 'new' });
  });

  it('loads a dropped value again before it gives it', async () => {
    await source.hold('a', 'old');
    source.cache.drop(({ text }) => text === 'old');
    const reading = source.cache.get('a');
    source.answer({ text: 'new' });
    expect(await reading).toEqual({ text: 'new' });
  });

  it('leaves values alone that a drop does not mean', async () => {
    await source.hold('a');
    source.cache.drop(({ text }) => text === 'b');
    expect(source.cache.get('a')).toEqual({ text: 'a' });
  });

  it('does not keep what was read before a drop', async () => {
    const before = source.cache.get('a');
    source.cache.drop(() => true);
    const after = source.cache.get('a');
    source.loads[1]?.answer({ text: 'new' });
    source.loads[0]?.answer({ text: 'old' });
    expect(await before).toEqual({ text: 'old' });
    expect(await after).toEqual({ text: 'new' });
    expect(source.cache.get('a')).toEqual({ text: 'new' });
  });

  it('keeps the old value when the source fails, and does not ask again for a while', async () => {
    await source.hold('a', 'old');
    source.cache.drop(() => true);
    const reading = source.cache.get('a');
    source.loads.at(-1)?.fail();
    expect(await reading).toEqual({ text: 'old' });
    expect(source.stale).toBe(1);
    expect(source.cache.get('a')).toEqual({ text: 'old' });
    expect(source.loads).toHaveLength(2);
    source.now = 51;
    void source.cache.get('a');
    expect(source.loads).toHaveLength(3);
  });

  it('gives the old value when the refresh takes too long', async () => {
    await source.hold('a', 'old');
    source.now = 1_000;
    expect(await source.cache.get('a')).toEqual({ text: 'old' });
  });

  it('fails when the source fails and nothing is held', async () => {
    const reading = source.cache.get('a');
    source.loads.at(-1)?.fail();
    await expect(reading).rejects.toThrow('The source is away.');
  });

  it('remembers for a short time that there is nothing', async () => {
    const reading = source.cache.get('a');
    source.answer(undefined);
    expect(await reading).toBeUndefined();
    expect(source.cache.get('a')).toBeUndefined();
    source.now = 11;
    expect(source.cache.get('a')).toBeInstanceOf(Promise);
  });

  it('forgets with any drop that there was nothing', async () => {
    const reading = source.cache.get('a');
    source.answer(undefined);
    await reading;
    source.cache.drop(() => false);
    expect(source.cache.get('a')).toBeInstanceOf(Promise);
  });

  it('lets go of a value that is no longer there', async () => {
    await source.hold('a');
    source.cache.drop(() => true);
    const reading = source.cache.get('a');
    source.answer(undefined);
    expect(await reading).toBeUndefined();
    expect(source.cache.get('a')).toBeUndefined();
  });

  it('holds no more than it may, whether values or absences', async () => {
    for (const key of ['a', 'b', 'c', 'd']) await source.hold(key);
    expect(source.cache.get('a')).toBeInstanceOf(Promise);
    expect(source.cache.get('d')).toEqual({ text: 'd' });
    for (const key of ['w', 'x', 'y', 'z']) {
      const reading = source.cache.get(key);
      source.answer(undefined);
      await reading;
    }
    expect(source.cache.get('w')).toBeInstanceOf(Promise);
    expect(source.cache.get('z')).toBeUndefined();
    expect(source.cache.get('d')).toEqual({ text: 'd' });
  });
});

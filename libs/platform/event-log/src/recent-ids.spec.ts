import { describe, expect, it } from '@jest/globals';
import { RecentIds } from './recent-ids.js';

describe('recent ids', () => {
  it('are new once', () => {
    const ids = new RecentIds(2);
    expect([ids.add('a'), ids.add('a')]).toEqual([true, false]);
    ids.forget('a');
    expect(ids.add('a')).toBe(true);
  });

  it('may count as new more than once', () => {
    const ids = new RecentIds(1, 2);
    expect([ids.add('a'), ids.add('a'), ids.add('a'), ids.add('b')]).toEqual([true, true, false, true]);
  });

  it('are the newest so many', () => {
    const ids = new RecentIds(2);
    for (const id of ['a', 'b', 'c']) ids.add(id);
    expect([ids.add('b'), ids.add('c'), ids.add('a')]).toEqual([false, false, true]);
  });
});

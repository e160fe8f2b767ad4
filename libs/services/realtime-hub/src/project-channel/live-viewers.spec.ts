import { beforeEach, describe, expect, it } from '@jest/globals';
import { LiveViewers, mostChannels, mostNumbersOfFrame } from './live-viewers.js';

let live: LiveViewers;
beforeEach(() => {
  live = new LiveViewers();
});

type Numbers = [channel: string, viewers: number][];

/** What a socket that was told up to a version is told now, and up to which one. */
function told(from: number): { upTo: number; numbers: Numbers } {
  const { upTo, payload } = live.frameFrom(from);
  const { viewers } = JSON.parse(payload.json) as { viewers: { channel_id: string; viewers: number }[] };
  return { upTo, numbers: viewers.map(({ channel_id, viewers: count }) => [channel_id, count]) };
}

describe('how many look on at the channels of a project', () => {
  it('is told from a version on, of each channel only the newest', () => {
    live.set('c1', 1);
    live.set('c2', 1);
    const first = told(0);
    expect(first.numbers).toEqual([
      ['c1', 1],
      ['c2', 1],
    ]);
    expect(live.isNewsFor(first.upTo)).toBe(false);
    for (const viewers of [2, 3, 4]) live.set('c1', viewers);
    expect(live.isNewsFor(first.upTo)).toBe(true);
    expect(told(first.upTo).numbers).toEqual([['c1', 4]]);
  });

  it('is not told of those who have gone to who was told nothing', () => {
    live.set('c1', 1);
    live.set('c1', 0);
    expect(live.isNewsFor(0)).toBe(false);
    live.set('c2', 1);
    expect(told(0).numbers).toEqual([['c2', 1]]);
    expect(told(1).numbers).toEqual([
      ['c1', 0],
      ['c2', 1],
    ]);
  });

  it('is told in frames of bounded size, without a gap', () => {
    for (let n = 0; n < 2 * mostNumbersOfFrame + 1; n += 1) live.set(`c${n}`, 1);
    const sizes: number[] = [];
    for (let version = 0; live.isNewsFor(version);) {
      const { upTo, numbers } = told(version);
      sizes.push(numbers.length);
      version = upTo;
    }
    expect(sizes).toEqual([mostNumbersOfFrame, mostNumbersOfFrame, 1]);
  });

  it('is forgotten of channels that everybody knows to be empty, and of the oldest of very many', () => {
    live.set('c1', 1);
    live.set('c1', 0);
    live.forgetGone(1);
    expect(told(1).numbers).toEqual([['c1', 0]]);
    live.forgetGone(2);
    live.set('c2', 1);
    expect(told(1).numbers).toEqual([['c2', 1]]);
    for (let n = 0; n < mostChannels; n += 1) live.set(`new${n}`, 1);
    expect(told(1).numbers[0]).toEqual(['new0', 1]);
  });
});

import { describe, expect, it } from '@jest/globals';
import { someSlots } from '../testing/slots.harness.js';
import type { Slot } from './endpoint-load.js';

const names = (prefix: string, count: number): string[] => Array.from({ length: count }, (_, at) => `${prefix}${at}`);

describe('endpoints that hang', () => {
  it('leave more than half of the slots to those that answered before, although ever new ones come', () => {
    const { slots, clock, takeAll, answer } = someSlots();
    const healthy = names('healthy', 100);
    for (const endpoint of healthy) answer(takeAll(endpoint));
    for (let second = 0; second < 30; second += 1) {
      // Ever new ones, of which nothing is known.
      names(`hanging in second ${second}, `, 100).forEach((endpoint) => takeAll(endpoint));
      clock.now += 1_001;
      slots.look();
    }
    const free = healthy.flatMap((endpoint) => takeAll(endpoint));
    expect(free.length).toBeGreaterThan(512 / 2);
    expect(slots.inFlight).toBeLessThanOrEqual(2 * 512);
  });

  it('do not keep the slots that they had while they answered', () => {
    const { slots, clock, takeAll, widen } = someSlots();
    const broken = names('broken', 6);
    for (const endpoint of [...broken, ...names('healthy', 6)]) widen(endpoint, 64);
    expect(broken.flatMap((endpoint) => takeAll(endpoint))).toHaveLength(384);
    expect(takeAll('healthy0')).toHaveLength(0);
    clock.now += 1_001;
    slots.look();
    expect(names('healthy', 6).flatMap((endpoint) => takeAll(endpoint))).toHaveLength(384);
    expect(takeAll('broken0')).toHaveLength(0);
  });

  it('leave three quarters of the slots to the others once they are known to hang, however many they are', () => {
    const { slots, clock, takeAll, widen } = someSlots({ inFlight: 64 });
    for (let second = 0; second < 5; second += 1) {
      names('hanging', 100).forEach((endpoint) => takeAll(endpoint));
      clock.now += 1_001;
      slots.look();
    }
    widen('healthy', 48);
    expect(takeAll('healthy')).toHaveLength(48);
  });

  it('hold nobody in memory: who waits there is sent away', async () => {
    const { slots, clock, takeAll } = someSlots({ waitMs: 60_000 });
    const waiting = Array.from({ length: 8 }, () => slots.acquire('p', 'a')).at(-1);
    expect(waiting).toBeInstanceOf(Promise);
    clock.now += 1_001;
    slots.look();
    expect(await waiting).toBeUndefined();
    expect(takeAll('a')).toHaveLength(0);
  });
});

describe('slow endpoints', () => {
  /** An endpoint of which is known that it takes 1.5 s for an answer. */
  function slow(held: ReturnType<typeof someSlots>, endpoint: string): void {
    for (let made = 0; made < 20; made += 1) held.answer([held.take(endpoint)], 1_500);
  }

  it('share a quarter of the slots evenly', () => {
    const all = someSlots({ inFlight: 64 });
    for (const endpoint of names('slow', 8)) slow(all, endpoint);
    const each = names('slow', 8).map((endpoint) => all.takeAll(endpoint).length);
    expect(each).toEqual([2, 2, 2, 2, 2, 2, 2, 2]);
  });

  it('are slow no longer once they answer quickly', () => {
    const all = someSlots({ inFlight: 16, inFlightPerEndpoint: 12 });
    slow(all, 'a');
    expect(all.takeAll('b')).toHaveLength(3);
    const held = all.takeAll('a');
    expect(held).toHaveLength(2);
    all.answer(held, 5);
    for (let made = 0; made < 60; made += 1) all.answer(all.takeAll('a'), 5);
    expect(all.takeAll('a').length).toBeGreaterThan(4);
  });
});

describe('projects', () => {
  it('that have the fewest slots get the next, however much another one sends', async () => {
    const { slots, takeAll, widen, answer, limits } = someSlots({ inFlight: 64 });
    for (const project of ['flood', 'calm']) widen(`of ${project}`, 48, project);
    const flood = takeAll('of flood', 'flood');
    const calm: Slot[] = [];
    expect(flood).toHaveLength(48);
    limits.waitMs = 60_000;
    const want = (project: string, got: Slot[]): void => {
      void Promise.resolve(slots.acquire(project, `of ${project}`)).then((slot) => slot && got.push(slot));
    };
    for (let count = 0; count < 1_000; count += 1) want('flood', flood);
    for (let count = 0; count < 30; count += 1) want('calm', calm);
    answer(flood.splice(0, 12));
    await new Promise((resolve) => setImmediate(resolve));
    expect([flood.length, calm.length]).toEqual([36, 12]);
    slots.stop();
  });

  it('are not held up by one another’s hanging endpoints', () => {
    const { slots, clock, takeAll, widen } = someSlots({ inFlight: 16 });
    widen('of calm', 12, 'calm');
    names('hanging', 50).forEach((endpoint) => takeAll(endpoint, 'flood'));
    clock.now += 1_001;
    slots.look();
    expect(takeAll('of calm', 'calm').length).toBeGreaterThanOrEqual(8);
  });
});

describe('deferred deliveries', () => {
  it('come back soon to an endpoint that was only busy', () => {
    const { slots, clock, take, answer } = someSlots();
    answer([take('a')], 10);
    expect(slots.deferUntil('p', 'a').getTime() - clock.now).toBe(1_000);
  });

  it('are lined up at the pace of an endpoint that hangs, and spread where the line would be too long', () => {
    const { slots, clock, take } = someSlots();
    take('a');
    clock.now += 30_000;
    slots.look();
    const waits = Array.from({ length: 60 }, () => slots.deferUntil('p', 'a').getTime() - clock.now);
    expect(waits.slice(0, 3)).toEqual([1_000, 8_500, 16_000]);
    expect(Math.max(...waits)).toBe(301_000);
  });
});

describe('endpoints at rest', () => {
  it('are forgotten after some seconds, and still known to have answered', () => {
    const { slots, clock, take, answer } = someSlots();
    for (const endpoint of names('e', 1_000)) answer([take(endpoint)]);
    clock.now += 5_001;
    slots.look();
    expect(slots.known).toBe(0);
    for (const endpoint of names('new', 96)) take(endpoint);
    expect(slots.acquire('p', 'one more')).toBeUndefined();
    expect(slots.acquire('p', 'e7')).toBeDefined();
  });
});

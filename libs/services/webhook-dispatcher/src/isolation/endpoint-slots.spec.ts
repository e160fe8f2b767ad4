import { describe, expect, it } from '@jest/globals';
import { someSlots } from '../testing/slots.harness.js';

describe('the slots of endpoints', () => {
  it('are as many as the operator gives each endpoint, or its owner', () => {
    const { slots, takeAll, widen } = someSlots({ inFlightPerEndpoint: 5 });
    widen('a', 5);
    expect(takeAll('a')).toHaveLength(5);
    expect(slots.acquire('q', 'b', false, 1)).toBeDefined();
    expect(slots.acquire('q', 'b', false, 1)).toBeUndefined();
  });

  it('begin few and grow with answers, so that an endpoint nothing is known of takes few if it hangs', () => {
    const { takeAll, answer } = someSlots();
    const first = takeAll('a');
    expect(first).toHaveLength(4);
    answer(first);
    expect(takeAll('a').length).toBeGreaterThan(6);
  });

  it('stay few where few are used', () => {
    const { take, takeAll, answer } = someSlots();
    for (let made = 0; made < 100; made += 1) answer([take('a')]);
    expect(takeAll('a').length).toBeLessThan(6);
  });

  it('are halved once for all that were under way when the endpoint had too much, and grow slowly after', () => {
    const { slots, clock, takeAll, answer, widen } = someSlots();
    widen('a', 64);
    const held = takeAll('a');
    expect(held).toHaveLength(64);
    clock.now += 5;
    for (const slot of held) slots.release(slot, 'tooMuch');
    const half = takeAll('a');
    expect(half).toHaveLength(32);
    answer(half);
    const next = takeAll('a');
    expect(next).toHaveLength(32);
    answer([...next, ...takeAll('a')]);
    answer(takeAll('a'));
    expect(takeAll('a').length).toBeLessThan(36);
  });

  it('are kept for first attempts: retries take at most half, of an endpoint and of all', () => {
    const one = someSlots();
    expect(one.takeAll('a', 'p', true)).toHaveLength(2);
    expect(one.takeAll('a')).toHaveLength(2);
    const all = someSlots({ inFlight: 20 });
    for (const endpoint of ['a', 'b', 'c', 'd', 'e']) all.widen(endpoint, 15);
    const retries = ['a', 'b', 'c', 'd', 'e'].flatMap((endpoint) => all.takeAll(endpoint, 'p', true));
    expect(retries).toHaveLength(10);
    expect(all.takeAll('e')).toHaveLength(5);
  });

  it('never exceed a limit, and go to those who wait', async () => {
    const { slots } = someSlots({ inFlightPerEndpoint: 2, inFlight: 80, waitMs: 2_000 });
    const running = new Map<string, number>();
    let most = 0;
    const work = Array.from({ length: 200 }, async (_, index) => {
      const endpoint = `e${index % 50}`;
      const slot = await slots.acquire('p', endpoint);
      if (!slot) return false;
      running.set(endpoint, (running.get(endpoint) ?? 0) + 1);
      most = Math.max(
        most,
        [...running.values()].reduce((sum, count) => sum + count, 0),
      );
      expect(running.get(endpoint)).toBeLessThanOrEqual(2);
      await new Promise((resolve) => setImmediate(resolve));
      running.set(endpoint, (running.get(endpoint) ?? 0) - 1);
      slots.release(slot, 'none');
      return true;
    });
    const served = (await Promise.all(work)).filter((was) => was).length;
    expect(most).toBeLessThanOrEqual(60);
    // 15 at once and 40 later: so many of one project may wait while nothing is known of its endpoints.
    expect(served).toBe(55);
    expect(slots.inFlight).toBe(0);
  });
});

describe('waiting for a slot', () => {
  it('is first come, first served at one endpoint', async () => {
    const { slots, take, answer } = someSlots({ inFlightPerEndpoint: 2, waitMs: 60 });
    const first = take('a');
    take('a');
    const order: number[] = [];
    const third = Promise.resolve(slots.acquire('p', 'a')).then((slot) => (order.push(3), slot));
    const fourth = Promise.resolve(slots.acquire('p', 'a')).then((slot) => (order.push(4), slot));
    answer([first]);
    const held = await third;
    if (held) answer([held]);
    expect(await fourth).toBeDefined();
    expect(order).toEqual([3, 4]);
  });

  it('ends without one after a while', async () => {
    const { slots, takeAll } = someSlots({ inFlightPerEndpoint: 2, waitMs: 20 });
    takeAll('a').forEach(() => undefined);
    expect(await slots.acquire('p', 'a')).toBeUndefined();
  });

  it('is for a limited number of an endpoint that nothing is known of, of a project, and in all', () => {
    const { slots } = someSlots({ inFlight: 16, waitMs: 20 });
    const asked = ['p', 'q', 'r'].flatMap((project) =>
      Array.from({ length: 100 }, () => slots.acquire(project, `of ${project}`)),
    );
    expect(asked.filter((answer) => answer instanceof Promise)).toHaveLength(16);
    expect(asked.slice(0, 100).filter((answer) => answer instanceof Promise)).toHaveLength(8);
    slots.stop();
  });

  it('is only for as long as a line of an endpoint known to be slow is short', () => {
    const { slots, take, answer } = someSlots({ inFlightPerEndpoint: 4, waitMs: 60 });
    answer(
      Array.from({ length: 4 }, () => take('a')),
      300,
    );
    const again = Array.from({ length: 20 }, () => slots.acquire('p', 'a'));
    expect(again.filter((slot) => slot instanceof Promise).length).toBeLessThan(5);
    slots.stop();
  });
});

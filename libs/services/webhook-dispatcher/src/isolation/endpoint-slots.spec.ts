import { describe, expect, it } from '@jest/globals';
import { EndpointSlots, type Slot, type SlotLimits } from './endpoint-slots.js';

/** Slots on a clock of their own; waiting runs on the real one. */
function someSlots(limits: Partial<SlotLimits> = {}) {
  const clock = { now: 1_000_000 };
  const slots = new EndpointSlots({ inFlightPerEndpoint: 2, inFlight: 3, waitMs: 60, ...limits }, () => clock.now);
  const take = async (endpoint: string): Promise<Slot> => {
    const slot = await slots.acquire(endpoint);
    if (!slot) throw new Error(`no slot for ${endpoint}`);
    return slot;
  };
  return { slots, clock, take };
}

describe('the slots of endpoints', () => {
  it('are given at once while there are any', () => {
    const { slots } = someSlots();
    expect(slots.acquire('a')).not.toBeInstanceOf(Promise);
    expect(slots.acquire('a')).toBeDefined();
  });

  it('are waited for at a busy endpoint, first come, first served', async () => {
    const { slots, take } = someSlots();
    const first = await take('a');
    await take('a');
    const order: number[] = [];
    const third = Promise.resolve(slots.acquire('a')).then((slot) => (order.push(3), slot));
    const fourth = Promise.resolve(slots.acquire('a')).then((slot) => (order.push(4), slot));
    first.release();
    (await third)?.release();
    expect(await fourth).toBeDefined();
    expect(order).toEqual([3, 4]);
  });

  it('are refused after the wait', async () => {
    const { slots, take } = someSlots();
    await take('a');
    await take('a');
    expect(await slots.acquire('a')).toBeUndefined();
  });

  it('are refused at once at an endpoint that hangs, and given to others', async () => {
    const { slots, clock, take } = someSlots({ waitMs: 60_000 });
    await take('hanging');
    await take('hanging');
    const waiting = slots.acquire('hanging');
    clock.now += 1_001;
    expect(slots.acquire('hanging')).toBeUndefined();
    // Whoever waits there already is sent away with it.
    expect(await waiting).toBeUndefined();
    expect(slots.acquire('healthy')).toBeDefined();
  });

  it('are waited for only as long as a slow endpoint’s line is short', async () => {
    const { slots, clock, take } = someSlots({ inFlightPerEndpoint: 1, waitMs: 60 });
    for (let call = 0; call < 40; call += 1) {
      const slot = await take('slow');
      clock.now += 50;
      slot.release();
      // Stays known although it is at rest between two calls.
      slots.deferUntil('slow');
    }
    const held = await take('slow');
    const next = slots.acquire('slow');
    expect(next).toBeInstanceOf(Promise);
    expect(slots.acquire('slow')).toBeUndefined();
    held.release();
    expect(await next).toBeDefined();
  });

  it('go to the endpoints in turn when the process is full', async () => {
    const { slots, take } = someSlots({ inFlightPerEndpoint: 3 });
    const held = [await take('x'), await take('y'), await take('z')];
    const order: string[] = [];
    const waiting = ['a', 'a', 'b'].map((endpoint) =>
      Promise.resolve(slots.acquire(endpoint)).then((slot) => {
        order.push(endpoint);
        return slot;
      }),
    );
    held.forEach((slot) => slot.release());
    await Promise.all(waiting);
    expect(order).toEqual(['a', 'b', 'a']);
  });

  it('never exceed either limit', async () => {
    const { slots } = someSlots({ inFlightPerEndpoint: 2, inFlight: 5, waitMs: 2_000 });
    const running = new Map<string, number>();
    let most = 0;
    const work = Array.from({ length: 200 }, async (_, index) => {
      const endpoint = `e${index % 4}`;
      const slot = await slots.acquire(endpoint);
      running.set(endpoint, (running.get(endpoint) ?? 0) + 1);
      const total = [...running.values()].reduce((sum, count) => sum + count, 0);
      most = Math.max(most, total);
      expect(running.get(endpoint)).toBeLessThanOrEqual(2);
      expect(total).toBeLessThanOrEqual(5);
      await new Promise((resolve) => setImmediate(resolve));
      running.set(endpoint, (running.get(endpoint) ?? 0) - 1);
      slot?.release();
      return slot;
    });
    expect((await Promise.all(work)).every((slot) => slot !== undefined)).toBe(true);
    expect(most).toBe(5);
  });
});

describe('deferred deliveries', () => {
  it('come back soon to an endpoint that was only busy', async () => {
    const { slots, clock, take } = someSlots();
    const slot = await take('a');
    clock.now += 10;
    slot.release();
    expect(slots.deferUntil('a').getTime() - clock.now).toBe(1_000);
  });

  it('are lined up at the pace of an endpoint that hangs, up to five minutes ahead', async () => {
    const { slots, clock, take } = someSlots();
    await take('a');
    clock.now += 30_000;
    const waits = Array.from({ length: 40 }, () => slots.deferUntil('a').getTime() - clock.now);
    expect(waits[1]).toBe(16_000);
    expect(waits[2]).toBe(31_000);
    expect(waits.at(-1)).toBe(300_000);
  });
});

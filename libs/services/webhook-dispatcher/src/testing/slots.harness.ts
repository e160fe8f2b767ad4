import type { Slot } from '../isolation/endpoint-load.js';
import { EndpointSlots, type SlotLimits } from '../isolation/endpoint-slots.js';

/** Slots on a clock of their own; waiting in memory runs on the real one. */
export function someSlots(limits: Partial<SlotLimits> = {}) {
  const clock = { now: 1_000_000 };
  const used = { inFlightPerEndpoint: 64, inFlight: 512, waitMs: 0, slowMs: 1_000, ...limits };
  const slots = new EndpointSlots(
    used,
    () => clock.now,
    () => 0,
  );
  /** A slot that is free at once. */
  const take = (endpoint: string, project = 'p', isRetry = false): Slot => {
    const slot = slots.acquire(project, endpoint, isRetry);
    if (!slot || slot instanceof Promise) throw new Error(`no slot for ${endpoint}`);
    return slot;
  };
  /** All slots that an endpoint may have now, where none waits. */
  const takeAll = (endpoint: string, project = 'p', isRetry = false): Slot[] => {
    const held: Slot[] = [];
    for (;;) {
      const slot = slots.acquire(project, endpoint, isRetry);
      if (!slot || slot instanceof Promise) return held;
      held.push(slot);
    }
  };
  const answer = (held: readonly Slot[], tookMs = 0): void => {
    clock.now += tookMs;
    for (const slot of held) slots.release(slot, 'none');
  };
  /** Has an endpoint answer until it may have so many slots. */
  const widen = (endpoint: string, width: number, project = 'p'): void => {
    for (let round = 0; round < 100; round += 1) {
      const held = takeAll(endpoint, project);
      answer(held);
      if (held.length >= width) return;
    }
    throw new Error(`${endpoint} gets no ${width} slots`);
  };
  return { slots, clock, limits: used, take, takeAll, answer, widen };
}

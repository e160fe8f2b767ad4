import { describe, expect, it } from '@jest/globals';
import { deliveryDecider, defaultRetryPolicy, type DeliveryState } from '@headrace/domain';
import { aFailedAttempt, aPlannedDelivery } from '@headrace/domain/testing';
import { gaveUpWaiting, nextLookAt, type Parked } from './parking.js';

const at = Date.parse('2026-01-01T00:00:00.000Z');
const hour = 3_600_000;
const planned = aPlannedDelivery();
const { evolve } = deliveryDecider;
const fresh: DeliveryState = evolve({ status: 'none' }, { type: 'delivery.planned', data: planned });
const retrying: DeliveryState = evolve(fresh, {
  type: 'delivery.attempted',
  data: { ...planned, attempt: aFailedAttempt(3), nextAttemptAt: new Date(at).toISOString() },
});
const parked = (overrides: Partial<Parked>): Parked => ({
  reason: 'circuit',
  state: retrying,
  plannedAt: new Date(at).toISOString(),
  policy: defaultRetryPolicy,
  timeScale: 1,
  now: at,
  ...overrides,
});

describe('a delivery that waits for its endpoint', () => {
  it('is looked at the less often the longer it waits, and at least every quarter of an hour', () => {
    const lookAfter = (waitedMs: number): number =>
      nextLookAt(parked({ now: at + waitedMs }), () => 0) - (at + waitedMs);
    expect([0, 60_000, 600_000, 3 * hour].map(lookAfter)).toEqual([5_000, 30_000, 300_000, 900_000]);
  });

  it('is given up when the endpoint failed for longer than the retry schedule, with the last failure', () => {
    expect(gaveUpWaiting(parked({ now: at + 6 * hour }))).toBeUndefined();
    expect(gaveUpWaiting(parked({ now: at + 6 * hour + 1 }))).toBe(
      'No attempt could be made for 6 hours, because the endpoint failed all the time. Attempt 3, the last one: The endpoint answered 500.',
    );
    const policy = { delaysMs: [0, 100 * hour] };
    expect(gaveUpWaiting(parked({ policy, now: at + 99 * hour }))).toBeUndefined();
  });

  it('is waited for while the endpoint is paused, for 25 days', () => {
    const reason = 'paused' as const;
    expect(gaveUpWaiting(parked({ reason, now: at + 25 * 24 * hour }))).toBeUndefined();
    expect(gaveUpWaiting(parked({ reason, state: fresh, now: at + 25 * 24 * hour + 1 }))).toBe(
      'Not sent for 25 days, because the endpoint was paused; payloads are kept for 30.',
    );
  });

  it('waits by the time scale', () => {
    expect(gaveUpWaiting(parked({ timeScale: 3_600, now: at + 7_000 }))).toContain('for 6 hours');
  });
});

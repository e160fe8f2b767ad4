import { describe, expect, it } from '@jest/globals';
import type { DeliveryEvent } from '@headrace/contracts';
import fc from 'fast-check';
import { aFailedAttempt, aGoodAttempt, aPlannedDelivery, given, run } from '../testing/index.js';
import type { DeliveryCommand } from './delivery.commands.js';
import { deliveryDecider } from './delivery.decider.js';
import { nextAttemptOf } from './delivery.state.js';
import { defaultRetryPolicy } from './retry-schedule.js';

const target = {
  deliveryId: 'dlv_1',
  endpointId: 'endpoint-1',
  url: 'https://receiver.test/hook',
  webhookType: 'task.completed',
} as const;
const at = '2026-01-01T00:00:01.000Z';
const planned: DeliveryEvent = { type: 'delivery.planned', data: aPlannedDelivery() };
const plan: DeliveryCommand = { type: 'plan', planned: aPlannedDelivery() };
const giveUp: DeliveryCommand = { type: 'giveUp', reason: 'The endpoint was removed.' };

function record(
  attempt = aGoodAttempt(),
  overrides: Partial<Extract<DeliveryCommand, { type: 'recordAttempt' }>> = {},
) {
  const command: DeliveryCommand = {
    type: 'recordAttempt',
    attempt,
    retryAfterMs: null,
    finalReason: null,
    policy: defaultRetryPolicy,
    jitter: 0,
    timeScale: 1,
    at,
    ...overrides,
  };
  return command;
}

function attempted(number: number, nextAttemptAt: string): DeliveryEvent {
  return { type: 'delivery.attempted', data: { ...target, attempt: aFailedAttempt(number), nextAttemptAt } };
}

describe('a delivery', () => {
  it('is planned once', () => {
    given(deliveryDecider, []).when(plan).then([planned]);
    given(deliveryDecider, [planned]).when(plan).thenNothing();
  });

  it('succeeds when the endpoint takes it', () => {
    given(deliveryDecider, [planned])
      .when(record(aGoodAttempt(1)))
      .then([{ type: 'delivery.succeeded', data: { ...target, attempt: aGoodAttempt(1) } }]);
  });

  it('is tried again after a failure, as the schedule says', () => {
    given(deliveryDecider, [planned])
      .when(record(aFailedAttempt(1)))
      .then([attempted(1, '2026-01-01T00:00:06.000Z')]);
    given(deliveryDecider, [planned, attempted(1, at)])
      .when(record(aFailedAttempt(2)))
      .then([attempted(2, '2026-01-01T00:00:31.000Z')]);
  });

  it('waits for as long as the endpoint asks', () => {
    given(deliveryDecider, [planned])
      .when(record(aFailedAttempt(1), { retryAfterMs: 60_000 }))
      .then([attempted(1, '2026-01-01T00:01:01.000Z')]);
  });

  it('becomes a dead letter when its last attempt fails, with the reason', () => {
    given(deliveryDecider, [planned, attempted(7, at)])
      .when(record(aFailedAttempt(8)))
      .then([
        {
          type: 'delivery.dead-lettered',
          data: {
            ...target,
            attempt: aFailedAttempt(8),
            reason: 'All 8 attempts failed; the last: The endpoint answered 500.',
          },
        },
      ]);
  });

  it('becomes a dead letter at once when no further attempt makes sense', () => {
    given(deliveryDecider, [planned])
      .when(record(aFailedAttempt(1), { finalReason: 'Gone.' }))
      .thenMatching({ type: 'delivery.dead-lettered', data: { reason: 'Gone.', attempt: aFailedAttempt(1) } });
  });

  it('becomes a dead letter without an attempt when it is given up', () => {
    given(deliveryDecider, [planned])
      .when(giveUp)
      .then([
        { type: 'delivery.dead-lettered', data: { ...target, attempt: null, reason: 'The endpoint was removed.' } },
      ]);
  });

  it('ignores an attempt that is recorded already', () => {
    given(deliveryDecider, [planned, attempted(1, at)])
      .when(record(aFailedAttempt(1)))
      .thenNothing();
  });

  it('succeeds even if another process recorded a failure of the same attempt first', () => {
    given(deliveryDecider, [planned, attempted(1, at)])
      .when(record(aGoodAttempt(1)))
      .thenMatching({ type: 'delivery.succeeded' });
  });

  it('cannot be attempted or given up before it is planned', () => {
    given(deliveryDecider, []).when(record()).thenNothing();
    given(deliveryDecider, []).when(giveUp).thenNothing();
  });

  it('ends at most once, whatever commands come in whatever order and however often', () => {
    const number = fc.integer({ min: 1, max: 9 });
    const command = fc.oneof(
      fc.constantFrom(plan, giveUp),
      number.map((n) => record(aGoodAttempt(n))),
      number.map((n) => record(aFailedAttempt(n))),
      number.map((n) => record(aFailedAttempt(n), { finalReason: 'Gone.' })),
    );
    const ends = new Set(['delivery.succeeded', 'delivery.dead-lettered']);
    fc.assert(
      fc.property(fc.array(command, { maxLength: 60 }), (commands) => {
        const { events, state } = run(deliveryDecider, commands);
        const ended = events.filter(({ type }) => ends.has(type));
        expect(ended.length).toBeLessThanOrEqual(1);
        if (ended.length === 1) expect(events.at(-1)).toBe(ended[0]);
        expect(nextAttemptOf(state) === undefined).toBe(ended.length === 1 || events.length === 0);
        if (events.length > 0) expect(events[0]?.type).toBe('delivery.planned');
        // Failed attempts are numbered without gaps.
        const numbers = events.flatMap((event) =>
          event.type === 'delivery.attempted' ? [event.data.attempt.number] : [],
        );
        expect(numbers).toEqual(numbers.map((_, index) => index + 1));
        const last = events.at(-1);
        if (last) expect(deliveryDecider.evolve(deliveryDecider.initialState(), last)).toEqual(state);
      }),
      { numRuns: 1_000 },
    );
  });

  it('ends exactly once when every attempt is recorded, however often each', () => {
    const repeats = fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 8, maxLength: 8 });
    fc.assert(
      fc.property(repeats, fc.integer({ min: 1, max: 9 }), (times, successAt) => {
        const attempts = times.flatMap((count, index) => {
          const attempt = index + 1 === successAt ? aGoodAttempt(index + 1) : aFailedAttempt(index + 1);
          return Array.from({ length: count }, () => record(attempt));
        });
        const { events } = run(deliveryDecider, [plan, ...attempts]);
        expect(events.at(-1)?.type).toBe(successAt <= 8 ? 'delivery.succeeded' : 'delivery.dead-lettered');
        expect(events).toHaveLength(Math.min(successAt, 8) + 1);
      }),
    );
  });
});

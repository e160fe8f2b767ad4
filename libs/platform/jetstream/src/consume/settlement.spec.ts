import { describe, expect, it } from '@jest/globals';
import { aiRunnerConsumer, timelineConsumer } from '@headrace/contracts';
import { EventLogUnavailable, InvalidEvent, PermanentFailure, UndecodableMessage } from '@headrace/event-log';
import { isLastDelivery, settlementOf } from './settlement.js';

const consumer = { ...aiRunnerConsumer, backoffMs: [100, 500], maxDeliver: 4 };

describe('settling a failed delivery', () => {
  it('delivers again after a delay that grows along the curve and then stays', () => {
    const failure = new EventLogUnavailable('away');
    expect([1, 2, 3].map((count) => settlementOf(failure, count, consumer))).toEqual([
      { kind: 'nak', delayMs: 100 },
      { kind: 'nak', delayMs: 500 },
      { kind: 'nak', delayMs: 500 },
    ]);
  });

  it('gives up at the last delivery, with its number and the last error as the reason', () => {
    expect(settlementOf(new Error('still broken'), 4, consumer)).toEqual({
      kind: 'term',
      reason: 'failed 4 times, at last with: still broken',
    });
  });

  it.each([
    new PermanentFailure('the workflow is gone'),
    new InvalidEvent('request.failed', [{ path: '/code', message: 'must be string' }]),
    new UndecodableMessage('message 7 is not JSON'),
  ])('gives up at once what no repetition can mend: $name', (error) => {
    expect(settlementOf(error, 1, consumer)).toEqual({ kind: 'term', reason: `${error.name}: ${error.message}` });
  });

  it('never gives up a transient failure where deliveries have no limit', () => {
    expect(isLastDelivery(1_000_000, timelineConsumer)).toBe(false);
    expect(settlementOf('not even an error', 1_000_000, timelineConsumer).kind).toBe('nak');
  });
});

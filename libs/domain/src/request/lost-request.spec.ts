import { describe, expect, it } from '@jest/globals';
import { requestFailed } from '@headrace/contracts';
import { aCallback, aContext, aGeneration, anAcceptedRequest, anOutput } from '../testing/index.js';
import { restoredRequest, type LostRequest } from './lost-request.js';

const at = '2026-02-01T00:00:00.000Z';
const longAgo = '2025-01-01T00:00:00.000Z';
const row: LostRequest['row'] = {
  workflow: 'summarise',
  eventName: 'ready',
  customerData: { user: 'u1' },
  environment: 'test',
  testMode: true,
  acceptedAt: '2026-01-31T00:00:00.000Z',
  generatedAt: null,
};
const accepted = { type: 'request.accepted', data: anAcceptedRequest() } as const;
const generated = {
  type: 'request.generated',
  data: {
    context: aContext({ eventName: 'ready' }),
    generation: aGeneration(),
    output: anOutput(),
    generatedAt: at,
    callbackDeadline: at,
  },
} as const;
const continued = {
  type: 'request.continued',
  data: { ...anAcceptedRequest(), round: 1, reason: 'stage', callback: aCallback(), continuedAt: at },
} as const;
const completed = {
  type: 'request.completed',
  data: { context: aContext(), generation: aGeneration(), output: anOutput(), callback: null, completedAt: at },
} as const;

describe('a request that the log lost', () => {
  it.each([
    ['accepted', accepted],
    ['generated', generated],
    ['continued', continued],
    ['completed', completed],
  ] as const)('goes on from its last decision when it was %s', (_state, last) => {
    expect(restoredRequest({ row, last }, longAgo, at)).toBe(last);
  });

  it('goes on however long ago it was accepted, when it has gone on since', () => {
    const since = '2026-01-31T00:00:00.000Z';
    expect(accepted.data.context.acceptedAt < since).toBe(true);
    expect(restoredRequest({ row, last: continued }, since, at)).toBe(continued);
    expect(restoredRequest({ row, last: accepted }, since, at).type).toBe('request.failed');
  });

  it('fails with what is known when its decisions were not kept', () => {
    const event = restoredRequest({ row, last: undefined }, longAgo, at);
    expect(event).toMatchObject({
      type: 'request.failed',
      data: {
        code: 'log_lost',
        context: { workflow: 'summarise', eventName: 'ready', customerData: { user: 'u1' }, environment: 'test' },
        generation: null,
        failedAt: at,
      },
    });
    expect(requestFailed.violations(event.data)).toEqual([]);
  });

  it.each([
    ['accepted', accepted, null],
    ['generated', generated, generated.data.output],
    ['continued', continued, null],
  ] as const)('fails when it was %s longer ago than the log keeps anything', (_state, last, output) => {
    const event = restoredRequest({ row, last }, '2030-01-01T00:00:00.000Z', at);
    expect(event).toMatchObject({ type: 'request.failed', data: { code: 'log_lost', output } });
    expect(requestFailed.violations(event.data)).toEqual([]);
  });

  it('keeps its end however old it is', () => {
    expect(restoredRequest({ row, last: completed }, '2030-01-01T00:00:00.000Z', at)).toBe(completed);
  });
});

import { describe, expect, it } from '@jest/globals';
import type { RequestEvent } from '@headrace/contracts';
import fc from 'fast-check';
import { aCallback, aGeneration, anAcceptedRequest, anOutput, given, run } from '../testing/index.js';
import type { RequestCommand } from './request.commands.js';
import { requestDecider } from './request.decider.js';

const deadline = '2026-01-01T00:05:00.000Z';
const standard = anAcceptedRequest();
const eventDriven = anAcceptedRequest({ eventName: 'ready' });
const accepted = (data = eventDriven): RequestEvent => ({ type: 'request.accepted', data });
const generated: RequestEvent = {
  type: 'request.generated',
  data: {
    context: eventDriven.context,
    generation: aGeneration(),
    output: anOutput(),
    generatedAt: '2026-01-01T00:00:01.000Z',
    callbackDeadline: deadline,
  },
};
const recordGeneration: RequestCommand = {
  type: 'recordGeneration',
  generation: aGeneration(),
  output: anOutput(),
  at: '2026-01-01T00:00:01.000Z',
  callbackDeadline: deadline,
};
const recordGenerationFailure: RequestCommand = {
  type: 'recordGenerationFailure',
  generation: null,
  message: 'The provider is down.',
  details: { status: 503 },
  at: '2026-01-01T00:00:02.000Z',
};
const receiveCallback: RequestCommand = {
  type: 'receiveCallback',
  callback: aCallback(),
  at: '2026-01-01T00:00:03.000Z',
};
const refuseByCallback: RequestCommand = {
  type: 'receiveCallback',
  callback: aCallback({ data: null, fingerprint: 'f2', error: { code: 'no_stock', message: 'Sold out.' } }),
  at: '2026-01-01T00:00:03.000Z',
};
const expireCallback: RequestCommand = { type: 'expireCallback', at: deadline };
const cancel: RequestCommand = { type: 'cancel', at: '2026-01-01T00:00:04.000Z' };

describe('a request', () => {
  it('is accepted once', () => {
    given(requestDecider, [])
      .when({ type: 'accept', accepted: standard })
      .then([accepted(standard)]);
    given(requestDecider, [accepted(standard)])
      .when({ type: 'accept', accepted: standard })
      .thenNothing();
  });

  it('completes with the AI answer when no backend is to be asked', () => {
    given(requestDecider, [accepted(standard)])
      .when(recordGeneration)
      .thenMatching({ type: 'request.completed', data: { callback: null, output: anOutput() } });
  });

  it('waits for the backend when the workflow has an event name', () => {
    given(requestDecider, [accepted()]).when(recordGeneration).then([generated]);
  });

  it('fails when every provider failed, with the reason', () => {
    given(requestDecider, [accepted()])
      .when(recordGenerationFailure)
      .thenMatching({
        type: 'request.failed',
        data: { code: 'provider_failed', message: 'The provider is down.', details: { status: 503 } },
      });
  });

  it.each(['structured_output_invalid', 'expired'] as const)('fails with %s when that is why', (code) => {
    given(requestDecider, [accepted()])
      .when({ ...recordGenerationFailure, code })
      .thenMatching({ type: 'request.failed', data: { code } });
  });

  it('completes with the callback beside the AI answer', () => {
    given(requestDecider, [accepted(), generated])
      .when(receiveCallback)
      .thenMatching({ type: 'request.completed', data: { callback: aCallback(), output: anOutput() } });
  });

  it('fails when the backend says so, and keeps its code', () => {
    given(requestDecider, [accepted(), generated])
      .when(refuseByCallback)
      .thenMatching({
        type: 'request.failed',
        data: { code: 'callback_error', message: 'Sold out.', details: { error: 'no_stock' }, output: anOutput() },
      });
  });

  it('fails when the callback window is over', () => {
    given(requestDecider, [accepted(), generated])
      .when(expireCallback)
      .thenMatching({ type: 'request.failed', data: { code: 'callback_timeout', failedAt: deadline } });
  });

  it('ignores a timer that fires before the deadline', () => {
    given(requestDecider, [accepted(), generated])
      .when({ type: 'expireCallback', at: '2026-01-01T00:04:59.999Z' })
      .thenNothing();
  });

  it('ignores the timer once the callback came', () => {
    const { events } = run(requestDecider, [
      { type: 'accept', accepted: eventDriven },
      recordGeneration,
      receiveCallback,
      expireCallback,
    ]);
    expect(events.map(({ type }) => type)).toEqual(['request.accepted', 'request.generated', 'request.completed']);
  });

  it('ignores a callback that comes before the AI answered or that nobody waits for', () => {
    given(requestDecider, [accepted()]).when(receiveCallback).thenNothing();
    given(requestDecider, []).when(receiveCallback).thenNothing();
  });

  it('can be cancelled until it has ended', () => {
    given(requestDecider, [accepted()])
      .when(cancel)
      .thenMatching({ type: 'request.failed', data: { code: 'cancelled' } });
    given(requestDecider, [accepted(), generated])
      .when(cancel)
      .thenMatching({ type: 'request.failed', data: { code: 'cancelled', output: anOutput() } });
  });

  it('ends at most once, whatever commands come in whatever order and however often', () => {
    const command = fc.constantFrom<RequestCommand>(
      { type: 'accept', accepted: eventDriven },
      { type: 'accept', accepted: standard },
      recordGeneration,
      recordGenerationFailure,
      receiveCallback,
      refuseByCallback,
      expireCallback,
      cancel,
    );
    const ends = new Set(['request.completed', 'request.failed']);
    fc.assert(
      fc.property(fc.array(command, { maxLength: 40 }), (commands) => {
        const { events, state } = run(requestDecider, commands);
        const ended = events.filter(({ type }) => ends.has(type));
        expect(ended.length).toBeLessThanOrEqual(1);
        // The end, when there is one, is the last event, and nothing precedes the acceptance.
        if (ended.length === 1) expect(events.at(-1)).toBe(ended[0]);
        if (events.length > 0) expect(events[0]?.type).toBe('request.accepted');
        // The last event alone tells the state: what lets writers read only that one.
        const last = events.at(-1);
        if (last) expect(requestDecider.evolve(requestDecider.initialState(), last)).toEqual(state);
      }),
      { numRuns: 1_000 },
    );
  });

  it('always ends when it was accepted and everything that can happen has happened', () => {
    const rest: RequestCommand[] = [recordGeneration, receiveCallback, expireCallback, cancel, recordGenerationFailure];
    fc.assert(
      fc.property(fc.shuffledSubarray(rest, { minLength: rest.length }), (commands) => {
        const { state } = run(requestDecider, [{ type: 'accept', accepted: eventDriven }, ...commands]);
        expect(['completed', 'failed']).toContain(state.status);
      }),
    );
  });
});

import { describe, expect, it } from '@jest/globals';
import type { AnyEvent, CallbackRecord, DataOf, deliveryPlanned } from '@headrace/contracts';
import {
  aContext,
  aGeneration,
  anAcceptedRequest,
  anOutput,
  aStageCallback,
  aToolResultCallback,
} from '../testing/index.js';
import { timelineOf } from './timeline.js';
import type { TimelineEvent } from './timeline-event.js';

const time = (second: number) => `2026-01-01T00:00:${String(second).padStart(2, '0')}.000Z`;

/** Events with places in the log, in the order given. */
const recorded = (...events: AnyEvent[]): TimelineEvent[] =>
  events.map((event, index) => ({ ...event, sequence: index + 1, time: time(index) }));

const accepted: AnyEvent = { type: 'request.accepted', data: anAcceptedRequest({ eventName: 'ready' }) };
const failover: AnyEvent = {
  type: 'generation.attempted',
  data: {
    number: 1,
    attempt: {
      provider: 'openai',
      model: 'large',
      status: 'error',
      startedAt: time(1),
      durationMs: 5,
      httpStatus: 500,
      reason: 'The provider answered 500.',
    },
  },
};
const generated: AnyEvent = {
  type: 'request.generated',
  data: {
    context: aContext({ eventName: 'ready' }),
    generation: aGeneration(),
    output: anOutput(),
    generatedAt: time(2),
    callbackDeadline: time(50),
  },
};
const target = {
  deliveryId: 'd1',
  endpointId: 'e1',
  url: 'https://example.com/',
  webhookType: 'task.ai_generated' as const,
};
const planned = {
  type: 'delivery.planned' as const,
  data: {
    ...target,
    messageId: 'm1',
    body: '{}',
    callbackUrl: null,
    environment: 'live',
    plannedAt: time(4),
  } satisfies DataOf<typeof deliveryPlanned>,
};
const attempt = { number: 1, startedAt: time(5), durationMs: 20, httpStatus: 204, error: null, responseBody: '' };
const succeeded: AnyEvent = { type: 'delivery.succeeded', data: { ...target, attempt } };

describe('a request that was continued in a timeline', () => {
  const earlier = { promptTokens: 3, completionTokens: 5, costUsd: null, durationMs: 12 };
  const continued = (callback: CallbackRecord, stage: number, round: number): AnyEvent => ({
    type: 'request.continued',
    data: {
      ...anAcceptedRequest({
        workflow: `stage ${stage}`,
        progress: { round, stage, toolRounds: round, answered: [], earlier },
      }),
      round,
      reason: callback.toolResults ? 'tool_results' : 'stage',
      callback,
      continuedAt: time(10 + round),
    },
  });
  const second = { ...planned, data: { ...planned.data, deliveryId: 'd2' } };
  const story = recorded(
    accepted,
    failover,
    generated,
    planned,
    continued(aToolResultCallback(['a']), 1, 1),
    succeeded,
    generated,
    second,
    continued(aStageCallback('stage 2'), 2, 2),
  );

  it('is told round by round: the answer, its deliveries, and the callback that asked for another', () => {
    expect(
      timelineOf(story).map((entry) => [entry.kind, entry.status, 'delivery_id' in entry ? entry.delivery_id : null]),
    ).toEqual([
      ['failover', 'error', null],
      ['request', 'success', null],
      ['delivery', 'success', 'd1'],
      ['callback', 'success', null],
      ['request', 'success', null],
      ['delivery', 'planned', 'd2'],
      ['callback', 'success', null],
      ['request', 'pending', null],
    ]);
  });

  it('says what each callback brought, and where each answer belongs', () => {
    const [first, brought, , on, third] = timelineOf(story)
      .filter(({ kind }) => kind !== 'delivery')
      .slice(1);
    expect(first).toMatchObject({ round: 0, stage: 1, at: '2026-01-01T00:00:00.000Z' });
    expect(brought).toMatchObject({ tool_results: [{ tool_call_id: 'a', content: { found: 'a' } }] });
    expect(on).toMatchObject({ continue_with: 'stage 2', tool_results: null });
    expect(third).toMatchObject({ round: 2, stage: 2, workflow: 'stage 2', at: time(12), provider: 'offline' });
  });

  it('is red where the model called tools too often', () => {
    const end: AnyEvent = {
      type: 'request.failed',
      data: {
        context: aContext(),
        code: 'tool_rounds_exceeded',
        message: 'The model called tools again.',
        details: {},
        generation: aGeneration(),
        output: anOutput(),
        callback: null,
        failedAt: time(20),
      },
    };
    expect(timelineOf([...story, { ...end, sequence: 50, time: time(20) }]).at(-1)).toMatchObject({
      kind: 'request',
      color: 'red',
      error: { code: 'tool_rounds_exceeded' },
    });
  });
});

describe('a reminder in a timeline', () => {
  it('stands before the callback that it reminds of', () => {
    const reminded: AnyEvent = {
      type: 'callback.reminded',
      data: {
        number: 1,
        context: aContext({ eventName: 'ready' }),
        generation: aGeneration(),
        output: anOutput(),
        generatedAt: time(2),
        callbackDeadline: time(50),
        remindedAt: time(20),
      },
    };
    expect(timelineOf(recorded(accepted, generated, reminded)).slice(1)).toMatchObject([
      { kind: 'reminder', color: 'amber', number: 1, at: time(20), deadline: time(50) },
      { kind: 'callback', status: 'progress' },
    ]);
  });
});

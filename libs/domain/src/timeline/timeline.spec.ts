import { describe, expect, it } from '@jest/globals';
import type { AnyEvent, DataOf, DeliveryAttempt, deliveryPlanned } from '@headrace/contracts';
import fc from 'fast-check';
import { aCallback, aContext, aGeneration, anAcceptedRequest, anOutput } from '../testing/index.js';
import { timelineOf } from './timeline.js';
import type { TimelineEvent } from './timeline-event.js';

const time = (second: number) => `2026-01-01T00:00:${String(second).padStart(2, '0')}.000Z`;

/** Events with places in the log, in the order given. */
const recorded = (...events: AnyEvent[]): TimelineEvent[] =>
  events.map((event, index) => ({ ...event, sequence: index + 1, time: time(index) }));

const accepted = (eventName: string | null = null): AnyEvent => ({
  type: 'request.accepted',
  data: anAcceptedRequest({ eventName }),
});
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
const completed = (callback: ReturnType<typeof aCallback> | null = null): AnyEvent => ({
  type: 'request.completed',
  data: { context: aContext(), generation: aGeneration(), output: anOutput(), callback, completedAt: time(3) },
});
const failed = (code: 'provider_failed' | 'callback_timeout' | 'callback_error', withOutput: boolean): AnyEvent => ({
  type: 'request.failed',
  data: {
    context: aContext(),
    code,
    message: 'It failed.',
    details: {},
    generation: aGeneration(),
    output: withOutput ? anOutput() : null,
    callback: null,
    failedAt: time(51),
  },
});

const target = {
  deliveryId: 'd1',
  endpointId: 'e1',
  url: 'https://example.com/',
  webhookType: 'task.completed' as const,
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
const attempt = (number: number, httpStatus: number): DeliveryAttempt => ({
  number,
  startedAt: time(4 + number),
  durationMs: 20,
  httpStatus,
  error: httpStatus < 300 ? null : { code: 'http_status', message: `The endpoint answered ${httpStatus}.` },
  responseBody: 'body',
});
const attempted: AnyEvent = {
  type: 'delivery.attempted',
  data: { ...target, attempt: attempt(1, 500), nextAttemptAt: time(30) },
};
const succeeded: AnyEvent = { type: 'delivery.succeeded', data: { ...target, attempt: attempt(2, 204) } };

const failedTry = (second: number, provider: string) => ({
  provider,
  model: 'large',
  status: 'error' as const,
  startedAt: time(second),
  durationMs: 5,
  httpStatus: 500,
  reason: 'The provider answered 500.',
});

describe('a timeline', () => {
  it('tells failovers, the request, deliveries, callbacks and pushes in that order', () => {
    const events = recorded(
      accepted('ready'),
      { type: 'realtime.joined', data: { topic: 't', joinedAt: time(1) } },
      { type: 'generation.attempted', data: { number: 1, attempt: failedTry(1, 'openai') } },
      generated,
      planned,
      { type: 'realtime.pushed', data: { status: 'ai_generated', sockets: 2, pushedAt: time(5) } },
      succeeded,
      completed(aCallback()),
    );
    expect(timelineOf(events).map(({ kind, status, color }) => [kind, status, color])).toEqual([
      ['failover', 'error', 'amber'],
      ['request', 'success', 'green'],
      ['delivery', 'success', 'green'],
      ['callback', 'success', 'green'],
      ['realtime', 'joined', 'green'],
      ['realtime', 'ai_generated', 'green'],
    ]);
  });

  it('is the same whatever the order in which events arrive, and passes over events it does not know', () => {
    const events = recorded(accepted('ready'), generated, planned, attempted, succeeded, completed(aCallback()));
    const stranger = { type: 'weather.changed', data: {}, sequence: 99, time: time(59) };
    fc.assert(
      fc.property(fc.shuffledSubarray([...events, stranger], { minLength: events.length + 1 }), (shuffled) => {
        expect(timelineOf(shuffled)).toEqual(timelineOf(events));
      }),
    );
  });

  it('is empty without events', () => {
    expect(timelineOf([])).toEqual([]);
  });
});

describe('the request in a timeline', () => {
  const request = (...events: AnyEvent[]) => timelineOf(recorded(...events)).find(({ kind }) => kind === 'request');

  it('is pending, with the provider it will ask, until the AI has answered', () => {
    expect(request(accepted())).toMatchObject({ status: 'pending', color: 'gray', provider: 'offline', tokens: null });
  });

  it('shows tokens, duration, messages and output', () => {
    expect(request(accepted(), completed())).toMatchObject({
      status: 'success',
      duration_ms: 12,
      tokens: { prompt: 3, completion: 5, total: 8 },
      messages: [{ role: 'user', content: 'Hello' }],
      output: { answer: 42 },
    });
  });

  it('is red when every provider failed', () => {
    expect(request(accepted(), failed('provider_failed', false))).toMatchObject({
      color: 'red',
      error: { code: 'provider_failed' },
    });
  });

  it('stays green when the AI answered and only the callback failed', () => {
    expect(request(accepted('ready'), generated, failed('callback_timeout', true))).toMatchObject({ color: 'green' });
  });
});

describe('failovers in a timeline', () => {
  it('are told once, although the decision repeats them', () => {
    const again: AnyEvent = {
      type: 'request.failed',
      data: {
        ...(failed('provider_failed', false) as Extract<AnyEvent, { type: 'request.failed' }>).data,
        generation: aGeneration({ attempts: [failedTry(1, 'openai'), failedTry(2, 'mistral')] }),
      },
    };
    const told: AnyEvent = { type: 'generation.attempted', data: { number: 1, attempt: failedTry(1, 'openai') } };
    const entries = timelineOf(recorded(accepted(), told, again)).filter(({ kind }) => kind === 'failover');
    expect(entries).toMatchObject([{ provider: 'openai' }, { provider: 'mistral' }]);
  });

  it('are as many as failed, although two of them began in the same millisecond', () => {
    const tries = [failedTry(1, 'offline'), { ...failedTry(1, 'offline'), kind: 'repair' as const }];
    const told = tries.map((attempt, index): AnyEvent => {
      return { type: 'generation.attempted', data: { number: index + 1, attempt } };
    });
    const end = failed('provider_failed', false) as Extract<AnyEvent, { type: 'request.failed' }>;
    const repeated: AnyEvent = { ...end, data: { ...end.data, generation: aGeneration({ attempts: tries }) } };
    for (const events of [told, [repeated], [...told, repeated]]) {
      const entries = timelineOf(recorded(accepted(), ...events)).filter(({ kind }) => kind === 'failover');
      expect(entries).toMatchObject([{ attempt_kind: 'first' }, { attempt_kind: 'repair' }]);
    }
  });

  it('say what each attempt was, and what was decided to follow', () => {
    const misfit = { content: '{}', violations: [{ path: '', message: "must have required property 'title'" }] };
    const attempts: AnyEvent[] = [
      { attempt: { ...failedTry(1, 'openai'), code: 'provider_failed', target: 0 }, retryAt: time(3) },
      { attempt: { ...failedTry(3, 'openai'), target: 0, kind: 'retry' as const }, misfit },
      { attempt: { ...failedTry(4, 'openai'), target: 0, kind: 'repair' as const } },
    ].map((data, index) => ({ type: 'generation.attempted', data: { number: index + 1, ...data } }));
    const summed = aGeneration({ attempts: [failedTry(1, 'openai'), failedTry(3, 'openai'), failedTry(4, 'openai')] });
    const done = completed() as Extract<AnyEvent, { type: 'request.completed' }>;
    const end: AnyEvent = { ...done, data: { ...done.data, generation: summed } };
    const entries = timelineOf(recorded(accepted(), ...attempts, end)).filter(({ kind }) => kind === 'failover');
    expect(entries).toMatchObject([
      { attempt_kind: 'first', error_code: 'provider_failed', retry_at: time(3), content: null, violations: null },
      { attempt_kind: 'retry', error_code: null, retry_at: null, ...misfit },
      { attempt_kind: 'repair', content: null },
    ]);
  });
});

describe('a delivery in a timeline', () => {
  const delivery = (...events: AnyEvent[]) => timelineOf(recorded(...events))[0];

  it('is gray while only planned', () => {
    expect(delivery(planned)).toMatchObject({ status: 'planned', color: 'gray', at: time(4), request_body: '{}' });
  });

  it('is blue between attempts, and tells the last one and the next', () => {
    expect(delivery(planned, attempted)).toMatchObject({
      status: 'delivering',
      color: 'blue',
      http_status: 500,
      next_attempt_at: time(30),
      attempts: [{ number: 1, http_status: 500, response_body: 'body' }],
    });
  });

  it('is green after a 2xx, and awaits nothing any more', () => {
    const entry = delivery(planned, attempted, succeeded);
    expect(entry).toMatchObject({ status: 'success', http_status: 204, error: null, next_attempt_at: null });
    expect(entry).toMatchObject({ attempts: [{ number: 1 }, { number: 2 }] });
  });

  it('is red once given up, also when no attempt could be made', () => {
    const given: AnyEvent = {
      type: 'delivery.dead-lettered',
      data: { ...target, attempt: null, reason: 'The endpoint was removed.' },
    };
    expect(delivery(planned, given)).toMatchObject({
      status: 'error',
      color: 'red',
      error: { code: 'dead_lettered', message: 'The endpoint was removed.' },
    });
  });
});

describe('a replay in a timeline', () => {
  const replay: AnyEvent = { type: 'delivery.planned', data: { ...planned.data, deliveryId: 'd2', replayOf: 'd1' } };

  it('stands behind the delivery whose payload it sends once more, and names it', () => {
    const given: AnyEvent = {
      type: 'delivery.dead-lettered',
      data: { ...target, attempt: attempt(1, 410), reason: 'The endpoint is gone.' },
    };
    expect(timelineOf(recorded(planned, given, replay))).toMatchObject([
      { delivery_id: 'd1', status: 'error', replay_of: null },
      { delivery_id: 'd2', status: 'planned', replay_of: 'd1', request_body: '{}' },
    ]);
  });
});

describe('callbacks in a timeline', () => {
  const callbacks = (...events: AnyEvent[]) =>
    timelineOf(recorded(...events)).filter((entry) => entry.kind === 'callback');

  it('are in progress while awaited', () => {
    expect(callbacks(accepted('ready'), generated)).toMatchObject([{ status: 'progress', deadline: time(50) }]);
  });

  it('say when the playground stood in for the backend', () => {
    const simulated = completed(aCallback({ simulated: true }));
    expect(callbacks(accepted('ready'), generated, simulated)).toMatchObject([{ status: 'simulated' }]);
  });

  it('say that the window closed', () => {
    expect(callbacks(accepted('ready'), generated, failed('callback_timeout', true))).toMatchObject([
      { status: 'timeout', color: 'red', error: { code: 'callback_timeout' } },
    ]);
  });

  it('keep those that were refused, behind the one that counted', () => {
    const refused: AnyEvent = {
      type: 'callback.refused',
      data: { code: 'callback_already_received', receivedAt: time(9), body: { data: { late: true }, task_id: 't' } },
    };
    expect(callbacks(accepted('ready'), generated, completed(aCallback()), refused)).toMatchObject([
      { status: 'success', accepted: true },
      { status: 'error', accepted: false, data: { late: true }, task_id: 't' },
    ]);
  });

  it('do not exist for a standard request', () => {
    expect(callbacks(accepted(), completed())).toEqual([]);
    expect(callbacks(accepted(), failed('provider_failed', false))).toEqual([]);
  });
});

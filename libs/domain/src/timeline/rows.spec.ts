import { describe, expect, it } from '@jest/globals';
import { aCallback, aContext, aGeneration, anAcceptedRequest, anOutput } from '../testing/index.js';
import { deliverySummaryOf } from './delivery-row.js';
import { requestSummaryOf } from './request-row.js';

describe('the row of a request', () => {
  it('names the provider that will be asked first, as soon as the request is accepted', () => {
    expect(requestSummaryOf({ type: 'request.accepted', data: anAcceptedRequest() })).toMatchObject({
      state: 'accepted',
      provider: 'offline',
      durationMs: null,
      endedAt: null,
    });
  });

  it('is told whole by the last event alone', () => {
    const failed = requestSummaryOf({
      type: 'request.failed',
      data: {
        context: aContext({ eventName: 'ready', environment: 'test', workflowVersion: 4 }),
        code: 'callback_timeout',
        message: 'No callback came.',
        details: {},
        generation: aGeneration({ costUsd: 0.02 }),
        output: anOutput(),
        callback: null,
        failedAt: '2026-01-01T00:05:00.000Z',
      },
    });
    expect(failed).toEqual({
      state: 'failed',
      workflow: 'demo',
      workflowVersion: 4,
      eventName: 'ready',
      environment: 'test',
      testMode: false,
      provider: 'offline',
      model: 'any',
      promptTokens: 3,
      completionTokens: 5,
      costUsd: 0.02,
      durationMs: 12,
      offlineFallback: false,
      failureCode: 'callback_timeout',
      failureMessage: 'No callback came.',
      customerData: { user: 'u1' },
      acceptedAt: '2026-01-01T00:00:00.000Z',
      generatedAt: null,
      endedAt: '2026-01-01T00:05:00.000Z',
    });
  });
});

describe('the row of a request that was continued', () => {
  const earlier = { promptTokens: 30, completionTokens: 50, costUsd: 0.1, durationMs: 100 };
  const progress = { round: 1, stage: 1, toolRounds: 1, answered: ['f0'], earlier };
  const asked = {
    ...anAcceptedRequest({ eventName: 'ready', progress }),
    round: 1,
    reason: 'tool_results',
    callback: aCallback(),
    continuedAt: '2026-01-01T00:00:03.000Z',
  } as const;

  it('is that of one whose answer is awaited, with what the earlier answers cost', () => {
    expect(requestSummaryOf({ type: 'request.continued', data: asked })).toMatchObject({
      state: 'accepted',
      provider: 'offline',
      promptTokens: 30,
      completionTokens: 50,
      costUsd: 0.1,
      durationMs: 100,
      endedAt: null,
    });
  });

  it('tells what all its answers cost together', () => {
    const completed = {
      context: asked.context,
      generation: aGeneration({ costUsd: 0.2 }),
      output: anOutput(),
      callback: aCallback(),
      completedAt: '2026-01-01T00:00:05.000Z',
    };
    const row = requestSummaryOf({ type: 'request.completed', data: completed });
    expect(row).toMatchObject({ promptTokens: 33, completionTokens: 55, durationMs: 112 });
    expect(row.costUsd).toBeCloseTo(0.3);
  });
});

describe('the row of a delivery', () => {
  const target = {
    deliveryId: 'd1',
    endpointId: 'e1',
    url: 'https://example.com/',
    webhookType: 'task.failed' as const,
  };

  it('shows the outcome of the last attempt and when the next is due', () => {
    const attempt = {
      number: 3,
      startedAt: '2026-01-01T00:00:00.000Z',
      durationMs: 30_000,
      httpStatus: null,
      error: { code: 'timeout', message: 'No answer within 30 s.' },
      responseBody: null,
    };
    const nextAttemptAt = '2026-01-01T00:02:00.000Z';
    const row = deliverySummaryOf({ type: 'delivery.attempted', data: { ...target, attempt, nextAttemptAt } }, 'now');
    expect(row).toMatchObject({
      id: 'd1',
      status: 'delivering',
      attempts: 3,
      error: 'No answer within 30 s.',
      errorCode: 'timeout',
      nextAttemptAt,
      endedAt: null,
    });
  });

  it('says why it was given up, and leaves the attempts alone when the event does not tell them', () => {
    const data = { ...target, attempt: null, reason: 'The endpoint was removed.' };
    expect(deliverySummaryOf({ type: 'delivery.dead-lettered', data }, 'now')).toMatchObject({
      status: 'error',
      attempts: null,
      error: 'The endpoint was removed.',
      errorCode: 'dead_lettered',
      endedAt: 'now',
    });
  });
});

import { describe, expect, it } from '@jest/globals';
import type { GenerationSummary, RequestContext } from '../events/shared.schemas.js';
import type { RequestEvent } from '../events/request.events.js';
import { callbackUrlOf, webhookBodyOf } from '../webhook/webhook-body.js';
import { isFinal, responsePayloadOf } from './response-payload.js';

const context: RequestContext = {
  workflow: 'summarise',
  eventName: null,
  customerData: { user_id: 'u1' },
  environment: 'live',
  testMode: false,
  acceptedAt: '2026-01-01T00:00:00.000Z',
  callbackWindowMs: 300_000,
  webhookUrl: null,
};
const eventDriven: RequestContext = { ...context, eventName: 'content_ready' };
const generation: GenerationSummary = {
  requestedProvider: 'openai',
  requestedModel: 'gpt-4o',
  usedProvider: 'offline',
  usedModel: 'any',
  durationMs: 20,
  httpStatus: 200,
  usage: { promptTokens: 3, completionTokens: 4 },
  costUsd: null,
  structuredOutput: true,
  offlineFallback: false,
  attempts: [
    {
      provider: 'openai',
      model: 'gpt-4o',
      status: 'error',
      startedAt: '',
      durationMs: 8,
      httpStatus: 500,
      reason: 'down',
    },
    {
      provider: 'offline',
      model: 'any',
      status: 'success',
      startedAt: '',
      durationMs: 12,
      httpStatus: 200,
      reason: null,
    },
  ],
};
const output = { data: { title: 'A title' }, content: null };
const at = '2026-01-01T00:00:02.000Z';
const callback = {
  receivedAt: at,
  fingerprint: 'f',
  data: { id: 'row-1' },
  taskId: 'task-1',
  metadata: { took: 3 },
  error: null,
  simulated: false,
};
const completed: RequestEvent = {
  type: 'request.completed',
  data: { context, generation, output, callback: null, completedAt: at },
};
const generated: RequestEvent = {
  type: 'request.generated',
  data: { context: eventDriven, generation, output, generatedAt: at, callbackDeadline: at },
};
const completedByBackend: RequestEvent = {
  type: 'request.completed',
  data: { context: eventDriven, generation, output, callback, completedAt: at },
};
const failed: RequestEvent = {
  type: 'request.failed',
  data: {
    context: eventDriven,
    code: 'callback_timeout',
    message: 'Too late.',
    details: {},
    generation,
    output,
    callback: null,
    failedAt: at,
  },
};
const callbackUrl = callbackUrlOf('https://host', 'c1');

describe('the response frame', () => {
  it('of a standard request is final and has the data', () => {
    const payload = responsePayloadOf('c1', completed);
    expect(payload).toMatchObject({
      status: 'success',
      message: 'success',
      channel_id: 'c1',
      model: 'any',
      data: { title: 'A title' },
      customer_data: { user_id: 'u1' },
      meta: { status: 'success', usage: { total_tokens: 7 }, tokens: { total: 7 }, requested_provider: 'openai' },
    });
    expect(payload).not.toHaveProperty('content');
    expect(payload && isFinal(payload)).toBe(true);
  });

  it('of an answered event-driven request has neither data nor meta.status, which clients would take for the end', () => {
    const payload = responsePayloadOf('c1', generated);
    expect(payload).toMatchObject({ status: 'ai_generated', event_name: 'content_ready' });
    expect(payload).not.toHaveProperty('data');
    expect(payload).not.toHaveProperty('ai_response');
    expect(payload?.meta).not.toHaveProperty('status');
    expect(payload && isFinal(payload)).toBe(false);
  });

  it("of a called-back request has the backend's data beside the AI's own", () => {
    expect(responsePayloadOf('c1', completedByBackend)).toMatchObject({
      status: 'completed',
      event_name: 'content_ready',
      task_id: 'task-1',
      data: { id: 'row-1' },
      ai_response: { data: { title: 'A title' } },
      callback_metadata: { took: 3 },
      meta: { status: 'completed' },
    });
  });

  it('of a failure carries an error object and never a good status', () => {
    expect(responsePayloadOf('c1', failed)).toMatchObject({
      status: 'error',
      message: 'Too late.',
      error: { message: 'Too late.', code: 'callback_timeout', details: {} },
      data: null,
      meta: { status: 'error' },
    });
  });
});

describe('the webhook body', () => {
  it('of a standard request is task.completed', () => {
    expect(webhookBodyOf('c1', completed, callbackUrl)).toMatchObject({
      type: 'task.completed',
      workflow: 'summarise',
      status: 'success',
      data: { title: 'A title' },
      timestamp: at,
    });
  });

  it('of an answered event-driven request says where to call back', () => {
    expect(webhookBodyOf('c1', generated, callbackUrl)).toMatchObject({
      type: 'task.ai_generated',
      event: 'content_ready',
      ai_response: { data: { title: 'A title' } },
      data: { title: 'A title' },
      callback_url: 'https://host/v1/callback/c1',
      callback_required: true,
    });
  });

  it('is not sent for what the backend itself completed', () => {
    expect(webhookBodyOf('c1', completedByBackend, callbackUrl)).toBeUndefined();
  });

  it('of a failure has an error and empty data', () => {
    expect(webhookBodyOf('c1', failed, callbackUrl)).toMatchObject({
      type: 'task.failed',
      status: 'error',
      data: {},
      error: { code: 'callback_timeout' },
      meta: { status: 'error' },
    });
  });

  it.each([completed, generated, failed])('survives a receiver that parses and writes it again', (event) => {
    const raw = JSON.stringify(webhookBodyOf('c1', event, callbackUrl));
    expect(JSON.stringify(JSON.parse(raw))).toBe(raw);
  });
});

describe('a request that went on after a callback', () => {
  const earlier = { promptTokens: 3, completionTokens: 4, costUsd: null, durationMs: 20 };
  const progress = { round: 2, stage: 1, toolRounds: 2, answered: ['f1', 'f2'], earlier };
  const asked = { ...eventDriven, progress };
  const generated: RequestEvent = {
    type: 'request.generated',
    data: { context: asked, generation, output, generatedAt: at, callbackDeadline: at },
  };

  it('says in bodies and frames which round and stage they are of', () => {
    const body = webhookBodyOf('ch', generated, callbackUrlOf('https://host', 'ch', 2));
    expect(body).toMatchObject({ round: 2, stage: 1, callback_url: 'https://host/v1/callback/ch?round=2' });
    expect(responsePayloadOf('ch', generated)).toMatchObject({ status: 'ai_generated', round: 2, stage: 1 });
  });

  it('is not told of by itself: the next answer is', () => {
    const continued: RequestEvent = {
      type: 'request.continued',
      data: {
        context: asked,
        plan: {
          targets: [{ provider: 'offline', model: 'any', timeoutMs: 1 }],
          systemInstructions: null,
          structuredOutput: null,
          parameters: {},
          offlineFallback: false,
          testDelayMs: 0,
        },
        messages: [],
        round: 2,
        reason: 'tool_results',
        callback,
        continuedAt: at,
      },
    };
    expect(responsePayloadOf('ch', continued)).toBeUndefined();
    expect(webhookBodyOf('ch', continued, 'https://host')).toBeUndefined();
  });
});

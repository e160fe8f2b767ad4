import {
  callbackUrlOf,
  webhookBodyOf,
  type GenerationSummary,
  type RequestContext,
  type RequestEvent,
  type WebhookBody,
  type TaskWebhookType,
} from '@headrace/contracts';

/** Where and when a sample belongs. */
export interface SampleOrigin {
  /** A new channel: no request is known under it. */
  readonly channel: string;
  readonly callbackBase: string;
  readonly at: Date;
}

const durationMs = 640;
const workflow = 'webhook-test';

/** What the AI of the sample made: shaped like the answer of a workflow with a structured output. */
const sampleData = {
  title: 'A sample from Headrace',
  summary: 'Your endpoint was tested. No request was made and no AI was asked.',
  tags: ['sample', 'test'],
  confidence: 0.98,
};

/**
 * The body of a webhook as a request would bring it about, made by the very function that makes the real ones.
 * `meta.test_mode` tells it apart.
 */
export function sampleWebhook(type: TaskWebhookType, origin: SampleOrigin): WebhookBody {
  const body = webhookBodyOf(
    origin.channel,
    sampleEvent(type, origin.at),
    callbackUrlOf(origin.callbackBase, origin.channel),
  );
  if (!body) throw new Error(`The sample of ${type} calls for no webhook`);
  return body;
}

function sampleEvent(type: TaskWebhookType, at: Date): RequestEvent {
  const reached = at.toISOString();
  const startedAt = new Date(at.getTime() - durationMs).toISOString();
  const context = contextOf(type === 'task.ai_generated' ? 'webhook_test' : null, startedAt);
  const generation = generationOf(type !== 'task.failed', startedAt);
  const output = { data: sampleData, content: null };
  switch (type) {
    case 'task.completed': {
      const end = { callback: null, completedAt: reached };
      return { type: 'request.completed', data: { context, generation, output, ...end } };
    }
    case 'task.ai_generated': {
      const callbackDeadline = new Date(at.getTime() + context.callbackWindowMs).toISOString();
      const waiting = { generatedAt: reached, callbackDeadline };
      return { type: 'request.generated', data: { context, generation, output, ...waiting } };
    }
    case 'task.failed': {
      const message = 'This is how a failed request looks: no provider answered.';
      const end = { code: 'provider_failed', message, details: {}, callback: null, failedAt: reached } as const;
      return { type: 'request.failed', data: { context, generation, output: null, ...end } };
    }
  }
}

const contextOf = (eventName: string | null, acceptedAt: string): RequestContext => ({
  workflow,
  eventName,
  customerData: { user_id: 'user_sample' },
  environment: 'test',
  testMode: true,
  acceptedAt,
  callbackWindowMs: 300_000,
  webhookUrl: null,
});

/** As in a workflow's test mode (CONTRACT section 6). */
const generationOf = (succeeds: boolean, startedAt: string): GenerationSummary => ({
  requestedProvider: 'Testing',
  requestedModel: 'test-mode',
  usedProvider: 'Testing',
  usedModel: 'test-mode',
  durationMs,
  httpStatus: succeeds ? 200 : 502,
  usage: succeeds ? { promptTokens: 12, completionTokens: 34 } : null,
  costUsd: null,
  structuredOutput: true,
  offlineFallback: false,
  attempts: [
    {
      provider: 'Testing',
      model: 'test-mode',
      status: succeeds ? 'success' : 'error',
      startedAt,
      durationMs,
      httpStatus: succeeds ? 200 : 503,
      reason: succeeds ? null : 'The provider answered 503.',
    },
  ],
});

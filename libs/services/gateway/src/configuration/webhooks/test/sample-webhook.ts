import {
  callbackUrlOf,
  reminderBodyOf,
  webhookBodyOf,
  type callbackReminded,
  type DataOf,
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
const callbackWindowMs = 300_000;
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
  const callbackUrl = callbackUrlOf(origin.callbackBase, origin.channel);
  const body =
    type === 'task.reminder'
      ? reminderBodyOf(origin.channel, sampleReminder(origin.at), callbackUrl)
      : webhookBodyOf(origin.channel, sampleEvent(type, origin.at), callbackUrl);
  if (!body) throw new Error(`The sample of ${type} calls for no webhook`);
  return body;
}

function sampleEvent(type: Exclude<TaskWebhookType, 'task.reminder'>, at: Date): RequestEvent {
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
    case 'task.ai_generated':
      return { type: 'request.generated', data: { context, generation, output, ...waitFrom(at) } };
    case 'task.failed': {
      const message = 'This is how a failed request looks: no provider answered.';
      const end = { code: 'provider_failed', message, details: {}, callback: null, failedAt: reached } as const;
      return { type: 'request.failed', data: { context, generation, output: null, ...end } };
    }
  }
}

/** Of an answer that came a minute ago. */
function sampleReminder(at: Date): DataOf<typeof callbackReminded> {
  const answered = new Date(at.getTime() - 60_000);
  const startedAt = new Date(answered.getTime() - durationMs).toISOString();
  return {
    number: 1,
    context: contextOf('webhook_test', startedAt),
    generation: generationOf(true, startedAt),
    output: { data: sampleData, content: null },
    ...waitFrom(answered),
    remindedAt: at.toISOString(),
  };
}

const waitFrom = (answered: Date) => ({
  generatedAt: answered.toISOString(),
  callbackDeadline: new Date(answered.getTime() + callbackWindowMs).toISOString(),
});

const contextOf = (eventName: string | null, acceptedAt: string): RequestContext => ({
  workflow,
  eventName,
  customerData: { user_id: 'user_sample' },
  environment: 'test',
  testMode: true,
  acceptedAt,
  callbackWindowMs,
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

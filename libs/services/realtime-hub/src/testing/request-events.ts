import type { GenerationSummary, RequestContext, RequestEvent } from '@headrace/contracts';

const at = '2026-11-05T12:00:00.000Z';

const context: RequestContext = {
  workflow: 'demo_event',
  eventName: 'demo_ready',
  customerData: { user_id: 'u1' },
  environment: 'live',
  testMode: false,
  acceptedAt: at,
  callbackWindowMs: 300_000,
  webhookUrl: null,
};

const generation: GenerationSummary = {
  requestedProvider: 'offline',
  requestedModel: 'any',
  usedProvider: 'offline',
  usedModel: 'any',
  durationMs: 5,
  httpStatus: 200,
  usage: null,
  costUsd: null,
  structuredOutput: true,
  offlineFallback: false,
  attempts: [],
};

const output = { data: { title: 'A title' }, content: null };

type EventOfType<Type extends RequestEvent['type']> = Extract<RequestEvent, { type: Type }>;

/** An event-driven request that was taken. */
export const anAcceptedRequest = (): EventOfType<'request.accepted'> => ({
  type: 'request.accepted',
  data: {
    context,
    plan: {
      targets: [{ provider: 'offline', model: 'any', timeoutMs: 1_000 }],
      systemInstructions: null,
      structuredOutput: null,
      parameters: {},
      offlineFallback: false,
      testDelayMs: 0,
    },
    messages: [{ role: 'user', content: 'hello' }],
  },
});

/** The AI answered it, its backend is awaited. */
export const aGeneratedRequest = (): EventOfType<'request.generated'> => ({
  type: 'request.generated',
  data: { context, generation, output, generatedAt: at, callbackDeadline: at },
});

/** Its backend called back. */
export const aCompletedRequest = (
  data: Record<string, string> = { id: 'row-1' },
): EventOfType<'request.completed'> => ({
  type: 'request.completed',
  data: {
    context,
    generation,
    output,
    callback: {
      receivedAt: at,
      fingerprint: 'f',
      data,
      taskId: null,
      metadata: null,
      error: null,
      simulated: false,
    },
    completedAt: at,
  },
});

/** Its backend called back with tool results: the AI is asked once more. */
export const aContinuedRequest = (): EventOfType<'request.continued'> => ({
  type: 'request.continued',
  data: {
    ...anAcceptedRequest().data,
    round: 1,
    reason: 'tool_results',
    callback: {
      receivedAt: at,
      fingerprint: 'f',
      data: null,
      taskId: null,
      metadata: null,
      error: null,
      simulated: false,
    },
    continuedAt: at,
  },
});

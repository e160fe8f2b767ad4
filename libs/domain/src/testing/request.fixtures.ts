import type {
  CallbackRecord,
  DataOf,
  GenerationOutput,
  GenerationSummary,
  RequestContext,
  requestAccepted,
} from '@headrace/contracts';

/** Context of a request; standard unless an `eventName` is given. */
export function aContext(overrides: Partial<RequestContext> = {}): RequestContext {
  return {
    workflow: 'demo',
    eventName: null,
    customerData: { user: 'u1' },
    environment: 'live',
    testMode: false,
    acceptedAt: '2026-01-01T00:00:00.000Z',
    callbackWindowMs: 300_000,
    webhookUrl: null,
    ...overrides,
  };
}

/** Data of `request.accepted`. */
export function anAcceptedRequest(overrides: Partial<RequestContext> = {}): DataOf<typeof requestAccepted> {
  return {
    context: aContext(overrides),
    plan: {
      targets: [{ provider: 'offline', model: 'any', timeoutMs: 60_000 }],
      systemInstructions: null,
      structuredOutput: null,
      parameters: {},
      offlineFallback: false,
      testDelayMs: 0,
    },
    messages: [{ role: 'user', content: 'Hello' }],
  };
}

/** A generation that one attempt of the offline provider made. */
export function aGeneration(overrides: Partial<GenerationSummary> = {}): GenerationSummary {
  return {
    requestedProvider: 'offline',
    requestedModel: 'any',
    usedProvider: 'offline',
    usedModel: 'any',
    durationMs: 12,
    httpStatus: 200,
    usage: { promptTokens: 3, completionTokens: 5 },
    costUsd: null,
    structuredOutput: false,
    offlineFallback: false,
    attempts: [
      {
        provider: 'offline',
        model: 'any',
        status: 'success',
        startedAt: '2026-01-01T00:00:01.000Z',
        durationMs: 12,
        httpStatus: 200,
        reason: null,
      },
    ],
    ...overrides,
  };
}

/** An AI answer. */
export function anOutput(overrides: Partial<GenerationOutput> = {}): GenerationOutput {
  return { data: { answer: 42 }, content: null, ...overrides };
}

/** A good callback. */
export function aCallback(overrides: Partial<CallbackRecord> = {}): CallbackRecord {
  return {
    receivedAt: '2026-01-01T00:00:03.000Z',
    fingerprint: 'f1',
    data: { id: 'row-1' },
    taskId: null,
    metadata: null,
    error: null,
    simulated: false,
    ...overrides,
  };
}

/** An AI answer that calls a tool under each of these ids. */
export function aToolCallingOutput(...ids: string[]): GenerationOutput {
  const calls = ids.map((id) => ({ id, type: 'function', function: { name: `tool_${id}`, arguments: '{}' } }));
  const message = { role: 'assistant', content: null, refusal: null, tool_calls: calls };
  return { data: { object: 'chat.completion', choices: [{ index: 0, message }] }, content: null };
}

/** A callback that brings a result for each of these calls. */
export function aToolResultCallback(ids: readonly string[], overrides: Partial<CallbackRecord> = {}): CallbackRecord {
  const toolResults = ids.map((toolCallId) => ({ toolCallId, content: { found: toolCallId } }));
  return aCallback({ data: null, fingerprint: `results of ${ids.join()}`, toolResults, ...overrides });
}

/** A callback that goes on with another workflow. */
export const aStageCallback = (workflow = 'second', overrides: Partial<CallbackRecord> = {}): CallbackRecord =>
  aCallback({ data: null, fingerprint: `on to ${workflow}`, continueWith: workflow, ...overrides });

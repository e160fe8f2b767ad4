import { Type } from '@sinclair/typebox';
import { defineEvent, type EventOf } from '../event.js';
import { Instant, JsonObjectSchema, Nullable } from '../schema/json.js';
import {
  CallbackRecord,
  ChatMessage,
  GenerationOutput,
  GenerationPlan,
  GenerationSummary,
  RequestContext,
} from './shared.schemas.js';

/** A client's request is durable; the reply to the client follows it. */
export const requestAccepted = defineEvent({
  type: 'request.accepted',
  description: 'A client asked for an AI answer; the request is on disk.',
  schema: Type.Object({
    context: RequestContext,
    plan: GenerationPlan,
    messages: Type.Array(ChatMessage),
  }),
});

/** Event-driven requests only: the AI answered, the backend's callback is awaited. */
export const requestGenerated = defineEvent({
  type: 'request.generated',
  description: "The AI answered an event-driven request; the backend's callback is awaited until the deadline.",
  schema: Type.Object({
    context: RequestContext,
    generation: GenerationSummary,
    output: GenerationOutput,
    generatedAt: Instant,
    callbackDeadline: Instant,
    /** What the answer was given to; only where the model called tools, since their results continue it. */
    conversation: Type.Optional(Type.Object({ plan: GenerationPlan, messages: Type.Array(ChatMessage) })),
  }),
});

/** Why a request goes on although its backend has called back. */
export const continuationReasons = ['tool_results', 'stage'] as const;
export type ContinuationReason = (typeof continuationReasons)[number];

/** The callback asked for another answer: as if the request had been accepted once more, in the same channel. */
export const requestContinued = defineEvent({
  type: 'request.continued',
  description: 'The callback brought tool results or named the next workflow; the AI is asked once more.',
  schema: Type.Object({
    context: RequestContext,
    plan: GenerationPlan,
    /** The whole conversation that the AI is asked with. */
    messages: Type.Array(ChatMessage),
    /** From 1, as in the context's progress. */
    round: Type.Integer({ minimum: 1 }),
    reason: Type.Unsafe<ContinuationReason>({ enum: [...continuationReasons] }),
    callback: CallbackRecord,
    continuedAt: Instant,
  }),
});

/** The good end state: the AI's answer (standard), or the backend's data beside it (event-driven). */
export const requestCompleted = defineEvent({
  type: 'request.completed',
  description: 'The request ended well: with the AI answer (standard) or the callback beside it (event-driven).',
  schema: Type.Object({
    context: RequestContext,
    generation: GenerationSummary,
    output: GenerationOutput,
    callback: Nullable(CallbackRecord),
    completedAt: Instant,
  }),
});

/** Why a request failed; part of the wire contract (`error.code` of the final frame). */
export const requestFailureCodes = [
  'provider_failed',
  'callback_error',
  'callback_timeout',
  'cancelled',
  /** The model's answer did not fit the schema, and neither repair nor fallback brought one that does. */
  'structured_output_invalid',
  /** It waited for its generation until its `expiresAt`. */
  'expired',
  /** The model called tools once more after as many rounds of tool results as its workflow allows. */
  'tool_rounds_exceeded',
  /** The event log lost the request, and what is known elsewhere is not enough to go on with it. */
  'log_lost',
] as const;
export type RequestFailureCode = (typeof requestFailureCodes)[number];

/** The bad end state. */
export const requestFailed = defineEvent({
  type: 'request.failed',
  description: 'The request ended without a result; `code` says why.',
  schema: Type.Object({
    context: RequestContext,
    code: Type.Unsafe<RequestFailureCode>({ enum: [...requestFailureCodes] }),
    message: Type.String(),
    details: JsonObjectSchema,
    /** Null only when the request failed before any provider was tried. */
    generation: Nullable(GenerationSummary),
    output: Nullable(GenerationOutput),
    callback: Nullable(CallbackRecord),
    failedAt: Instant,
  }),
});

/** The decision events of a request; exactly one of the last two ends it. */
export type RequestEvent =
  | EventOf<typeof requestAccepted>
  | EventOf<typeof requestGenerated>
  | EventOf<typeof requestContinued>
  | EventOf<typeof requestCompleted>
  | EventOf<typeof requestFailed>;

import { Type, type Static } from '@sinclair/typebox';
import { Instant, JsonObjectSchema, JsonSchema, Nullable } from '../schema/json.js';

/** Where a request came from; decides which runs count in analytics (CONTRACT section 6). */
export const EnvironmentTag = Type.Unsafe<'live' | 'test' | 'pg' | 'pg_test_mode'>({
  enum: ['live', 'test', 'pg', 'pg_test_mode'],
});
export type EnvironmentTag = Static<typeof EnvironmentTag>;

/** Most urgent last. */
export const requestPriorities = ['low', 'normal', 'high'] as const;
export const RequestPriority = Type.Unsafe<(typeof requestPriorities)[number]>({ enum: [...requestPriorities] });
export type RequestPriority = Static<typeof RequestPriority>;

/** What the earlier answers of a request have cost together. */
export const EarlierAnswers = Type.Object({
  promptTokens: Type.Integer({ minimum: 0 }),
  completionTokens: Type.Integer({ minimum: 0 }),
  costUsd: Nullable(Type.Number()),
  durationMs: Type.Integer({ minimum: 0 }),
});
export type EarlierAnswers = Static<typeof EarlierAnswers>;

/** How far a request has come whose callback did not end it, but sent tool results or went on to another workflow. */
export const RequestProgress = Type.Object({
  /** How often it was continued: the first answer is of round 0. */
  round: Type.Integer({ minimum: 1 }),
  /** Which workflow of the chain runs, from 1. */
  stage: Type.Integer({ minimum: 1 }),
  /** How often tool results were sent in this stage. */
  toolRounds: Type.Integer({ minimum: 0 }),
  /** Fingerprints of the callbacks that ended the earlier rounds, round 0 first: tell a repetition from a new one. */
  answered: Type.Array(Type.String()),
  earlier: EarlierAnswers,
});
export type RequestProgress = Static<typeof RequestProgress>;

/**
 * What every decision event of a request repeats, so that the last one alone tells the whole state
 * and no hot path reads the log twice.
 */
export const RequestContext = Type.Object({
  /** Workflow name as the client sent it, or `provider/model` for a request without one. */
  workflow: Type.String(),
  /** The version of the workflow that the request was resolved with. Left out: a request without one, and older events. */
  workflowVersion: Type.Optional(Type.Integer({ minimum: 1 })),
  /** Event name that makes the request event-driven; null for a standard request. */
  eventName: Nullable(Type.String()),
  /** What comes back to the client as `customer_data`. */
  customerData: JsonObjectSchema,
  environment: EnvironmentTag,
  testMode: Type.Boolean(),
  acceptedAt: Instant,
  /** Callback window in milliseconds, unscaled; HEADRACE_TIME_SCALE divides it when a deadline is computed. */
  callbackWindowMs: Type.Integer({ minimum: 1 }),
  /**
   * When a backend is reminded while its callback is awaited, in milliseconds, unscaled: every so often, or that long
   * after the answer. Left out: never.
   */
  reminderMs: Type.Optional(
    Type.Union([Type.Integer({ minimum: 1 }), Type.Array(Type.Integer({ minimum: 1 }), { minItems: 1 })]),
  ),
  /** Extra webhook target of this request. */
  webhookUrl: Nullable(Type.String()),
  /** The caller waits for the answer on its connection: no webhooks and no callback. Left out: it does not. */
  sync: Type.Optional(Type.Boolean()),
  /** The answer is told piece by piece while it is generated. Left out: only when it is whole. */
  stream: Type.Optional(Type.Boolean()),
  /** The API key that asked, by its id: budgets and limits of a key count by it. */
  apiKeyId: Type.Optional(Type.String()),
  /** Who waits for a free place before whom, within the project. Left out: `normal`. */
  priority: Type.Optional(RequestPriority),
  /** A request whose generation has not begun by then is not worth an answer any more. Left out: it always is. */
  expiresAt: Type.Optional(Instant),
  /** Left out: its first round, for most requests the only one. */
  progress: Type.Optional(RequestProgress),
});
export type RequestContext = Static<typeof RequestContext>;

/** One provider and model to try, with its time limit. */
export const GenerationTarget = Type.Object({
  provider: Type.String(),
  model: Type.String(),
  timeoutMs: Type.Integer({ minimum: 1 }),
});
export type GenerationTarget = Static<typeof GenerationTarget>;

/** How a target is tried again after a failure that may pass (429, 5xx, no answer), before the next target's turn. */
export const GenerationRetry = Type.Object({
  /** Tries of one target in all, the first included. */
  attempts: Type.Integer({ minimum: 1 }),
  /** Wait before the second try; each later one is `factor` times longer, up to `maxMs`. `Retry-After` wins. */
  initialMs: Type.Integer({ minimum: 0 }),
  factor: Type.Number({ minimum: 1 }),
  maxMs: Type.Integer({ minimum: 0 }),
});
export type GenerationRetry = Static<typeof GenerationRetry>;

/** The workflow as resolved when the request was accepted; later edits of the workflow do not change it. */
export const GenerationPlan = Type.Object({
  /** The primary first, then the fallbacks in order; never empty. */
  targets: Type.Array(GenerationTarget, { minItems: 1 }),
  systemInstructions: Nullable(Type.String()),
  structuredOutput: Nullable(
    Type.Object({ name: Type.String(), schema: JsonObjectSchema, sampleData: Nullable(JsonSchema) }),
  ),
  /** Parameters passed to the provider by their OpenAI names: temperature, max_tokens, tools, … */
  parameters: JsonObjectSchema,
  /** Whether a schema-shaped offline answer replaces a failure of every target. */
  offlineFallback: Type.Boolean(),
  /** Artificial delay of a test-mode answer in milliseconds. */
  testDelayMs: Type.Integer({ minimum: 0 }),
  /** Left out: each target is tried once. */
  retry: Type.Optional(GenerationRetry),
  /** How often a model may mend an answer that does not fit the schema, told what is wrong. Left out: never. */
  repairs: Type.Optional(Type.Integer({ minimum: 0 })),
  /** Most generations of the workflow at once, over all processes that share it out. Left out: no such limit. */
  maxConcurrent: Type.Optional(Type.Integer({ minimum: 1 })),
  /** How often tool results may be sent before the answer must be final. Left out: as often as usual. */
  maxToolRounds: Type.Optional(Type.Integer({ minimum: 1 })),
  /** How long an equal question may be answered with an earlier answer, in seconds. Left out: never. */
  cacheSeconds: Type.Optional(Type.Integer({ minimum: 1 })),
});
export type GenerationPlan = Static<typeof GenerationPlan>;

/** One message of a conversation; content is text or OpenAI content parts. */
export const ChatMessage = Type.Object({ role: Type.String(), content: JsonSchema }, { additionalProperties: true });
export type ChatMessage = Static<typeof ChatMessage>;

export const TokenUsage = Type.Object({
  promptTokens: Type.Integer({ minimum: 0 }),
  completionTokens: Type.Integer({ minimum: 0 }),
  /** Of the prompt, those that the provider had cached. Left out: none, or it did not say. */
  cachedPromptTokens: Type.Optional(Type.Integer({ minimum: 0 })),
  /** Of the prompt, those that the provider wrote into its cache. Left out: none, or it did not say. */
  cacheWriteTokens: Type.Optional(Type.Integer({ minimum: 0 })),
  /** Of those written into the cache, those that it keeps for an hour. Left out: none, or it did not say. */
  cacheWriteHourTokens: Type.Optional(Type.Integer({ minimum: 0 })),
  /** Of the answer, those of reasoning that is not shown. Left out: none, or it did not say. */
  reasoningTokens: Type.Optional(Type.Integer({ minimum: 0 })),
});
export type TokenUsage = Static<typeof TokenUsage>;

/** One try of one provider. */
export const GenerationAttempt = Type.Object({
  provider: Type.String(),
  model: Type.String(),
  status: Type.Unsafe<'success' | 'error'>({ enum: ['success', 'error'] }),
  startedAt: Instant,
  durationMs: Type.Integer({ minimum: 0 }),
  httpStatus: Nullable(Type.Integer()),
  /** Why it failed, for people; null when it succeeded. */
  reason: Nullable(Type.String()),
  /** Why it failed, for programs; left out when it succeeded and in events from before it was kept. */
  code: Type.Optional(Type.String()),
  /** How long the provider asked to wait before the next call, in milliseconds. Left out: it did not. */
  retryAfterMs: Type.Optional(Type.Integer({ minimum: 0 })),
  /** Which target of the plan was tried, from 0. Left out: the one at the attempt's own place. */
  target: Type.Optional(Type.Integer({ minimum: 0 })),
  /** Why it was not the primary's turn, for people; in the first attempt of a generation whose order was changed. */
  outOfTurn: Type.Optional(Type.String()),
  /** What the attempt was beyond a first try of its target. */
  kind: Type.Optional(Type.Unsafe<'retry' | 'repair'>({ enum: ['retry', 'repair'] })),
  /** What an answer that could not be used took; that of a good one stands in its summary. */
  usage: Type.Optional(TokenUsage),
});
export type GenerationAttempt = Static<typeof GenerationAttempt>;

/** How an answer came about: what META on the wire is made from. */
export const GenerationSummary = Type.Object({
  requestedProvider: Type.String(),
  requestedModel: Type.String(),
  /** Provider and model that answered; the last ones tried when none did. */
  usedProvider: Type.String(),
  usedModel: Type.String(),
  durationMs: Type.Integer({ minimum: 0 }),
  httpStatus: Type.Integer(),
  usage: Nullable(TokenUsage),
  costUsd: Nullable(Type.Number()),
  structuredOutput: Type.Boolean(),
  offlineFallback: Type.Boolean(),
  /** An earlier answer of the project was given again; no provider was asked. Left out: it was not. */
  cached: Type.Optional(Type.Boolean()),
  attempts: Type.Array(GenerationAttempt),
});
export type GenerationSummary = Static<typeof GenerationSummary>;

/** The AI's answer. */
export const GenerationOutput = Type.Object({
  /** The parsed object of a structured answer, else the provider's body in `chat.completion` shape. */
  data: JsonSchema,
  /** The answer's text, when it has one. */
  content: Nullable(Type.String()),
});
export type GenerationOutput = Static<typeof GenerationOutput>;

/** What a backend says one of the model's tool calls came to. */
export const ToolResult = Type.Object({ toolCallId: Type.String(), content: JsonSchema });
export type ToolResult = Static<typeof ToolResult>;

/** A backend's accepted callback. */
export const CallbackRecord = Type.Object({
  receivedAt: Instant,
  /** SHA-256 of the body, hex: tells a repeated callback from a conflicting one. */
  fingerprint: Type.String(),
  data: Nullable(JsonObjectSchema),
  taskId: Nullable(Type.String()),
  metadata: Nullable(JsonObjectSchema),
  error: Nullable(Type.Object({ code: Type.String(), message: Type.String() })),
  /** True when the console's playground stood in for a backend. */
  simulated: Type.Boolean(),
  /** Given when the callback goes on with the model instead of ending the request. */
  toolResults: Type.Optional(Type.Array(ToolResult)),
  /** Name of the workflow that the callback goes on with. */
  continueWith: Type.Optional(Type.String()),
});
export type CallbackRecord = Static<typeof CallbackRecord>;

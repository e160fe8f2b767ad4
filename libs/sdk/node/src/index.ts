export { textOf, toolCallsOf, type ToolCall } from './answers.js';
export { AnswerStream } from './answer-stream.js';
export { Headrace } from './client.js';
export {
  ApiConnectionError,
  ApiError,
  ApiTimeoutError,
  AuthenticationError,
  BadRequestError,
  ConfigurationError,
  ConflictError,
  GenerationError,
  GoneError,
  HeadraceError,
  NotFoundError,
  PermissionDeniedError,
  RateLimitError,
  ServerError,
  WebhookVerificationError,
  type WebhookRefusal,
} from './errors.js';
export type { CallOptions, HeadraceOptions, MakingOptions } from './options.js';
export { Listing, type Page } from './page.js';
export {
  Callbacks,
  type CallbackReply,
  type CallbackTarget,
  type CompletionExtras,
  type NextWorkflow,
  type ToolResult,
} from './resources/callbacks.js';
export type { DeadLetters, Deliveries } from './resources/deliveries.js';
export type { EventsOptions, Requests, WaitOptions } from './resources/requests.js';
export type * from './types/ask.js';
export type * from './types/channel.js';
export type * from './types/json.js';
export type * from './types/meta.js';
export type * from './types/views.js';
export type * from './types/webhook-payload.js';
export type { WebhookHeaders } from './webhooks/received-headers.js';
export { VerifiedWebhook } from './webhooks/verified-webhook.js';
export { verifyRequest, verifyWebhook, type ReceivedWebhook, type VerifyOptions } from './webhooks/verify-webhook.js';

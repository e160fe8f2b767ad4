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
export type { ApiKeys, ProviderCredentials } from './resources/access.js';
export type { Models, Prices } from './resources/catalogue.js';
export type { DeadLetters, Deliveries, Replays } from './resources/deliveries.js';
export type { Projects } from './resources/projects.js';
export type { EventsOptions, Requests, WaitOptions } from './resources/requests.js';
export type { Webhooks } from './resources/webhooks.js';
export type { StructuredOutputs, WorkflowFilter, Workflows } from './resources/workflows.js';
export type * from './types/api/api-keys.js';
export type * from './types/api/deliveries.js';
export type * from './types/api/errors.js';
export type * from './types/api/limits.js';
export type * from './types/api/models.js';
export type * from './types/api/prices.js';
export type * from './types/api/projects.js';
export type * from './types/api/provider-credentials.js';
export type * from './types/api/replays.js';
export type * from './types/api/structured-outputs.js';
export type * from './types/api/webhooks.js';
export type * from './types/api/workflow-versions.js';
export type * from './types/api/workflows.js';
export type * from './types/ask.js';
export type * from './types/channel.js';
export type * from './types/json.js';
export type * from './types/meta.js';
export type * from './types/timeline.js';
export type * from './types/views.js';
export type * from './types/webhook-payload.js';
export type { WebhookHeaders } from './webhooks/received-headers.js';
export { VerifiedWebhook } from './webhooks/verified-webhook.js';
export { verifyRequest, type FetchRequest, type NodeRequest } from './webhooks/verify-request.js';
export { verifyWebhook, type ReceivedWebhook, type VerifyOptions } from './webhooks/verify-webhook.js';

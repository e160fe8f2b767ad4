import type { ErrorCode } from './types/api/errors.js';
import type { Json, JsonObject } from './types/json.js';
import type { Meta } from './types/meta.js';

/** Every error that this package throws, but for those of a signal that you aborted. None holds a secret. */
export class HeadraceError extends Error {
  override get name(): string {
    return this.constructor.name;
  }
}

/** The client was made or called in a way that cannot work. Nothing was sent. */
export class ConfigurationError extends HeadraceError {}

/** No whole answer came: the network, or a connection that broke. `cause` has what was seen. */
export class ApiConnectionError extends HeadraceError {}

/** No answer came in time. */
export class ApiTimeoutError extends ApiConnectionError {}

/** Any text, of which editors know some. */
type KnownOr<Known extends string> = Known | (string & Record<never, never>);

/** What an error answer says. */
export interface ApiErrorFields {
  readonly status: number;
  readonly message: string;
  /** Stable, for machines: see the table of errors in the documentation. Later versions may have more. */
  readonly code: KnownOr<ErrorCode> | null;
  readonly type: string | null;
  /** The first field that is wrong. */
  readonly param: string | null;
  /** Every field that is wrong. */
  readonly details: Json;
  readonly requestId: string | null;
  /** How long to wait, where the answer says so. */
  readonly retryAfterMs: number | null;
}

/** The system answered with an error, and trying again was of no use or not allowed. */
export class ApiError extends HeadraceError implements ApiErrorFields {
  readonly status: number;
  readonly code: KnownOr<ErrorCode> | null;
  readonly type: string | null;
  readonly param: string | null;
  readonly details: Json;
  readonly requestId: string | null;
  readonly retryAfterMs: number | null;

  constructor(fields: ApiErrorFields) {
    super(fields.message);
    this.status = fields.status;
    this.code = fields.code;
    this.type = fields.type;
    this.param = fields.param;
    this.details = fields.details;
    this.requestId = fields.requestId;
    this.retryAfterMs = fields.retryAfterMs;
  }
}

/** 400: a field is wrong; `param` names it. */
export class BadRequestError extends ApiError {}
/** 401: the API key is missing, unknown, revoked or expired. */
export class AuthenticationError extends ApiError {}
/** 403: the key belongs to another project, or to an inactive one. */
export class PermissionDeniedError extends ApiError {}
/** 404: there is no such workflow, request, or id. */
export class NotFoundError extends ApiError {}
/** 409: it was done already, or another way; `code` says which. */
export class ConflictError extends ApiError {}
/** 410: the callback's window is over. */
export class GoneError extends ApiError {}
/** 429, and the last retry was told the same. */
export class RateLimitError extends ApiError {}
/** 5xx, and the last retry was told the same. */
export class ServerError extends ApiError {}

const classes: Readonly<Record<number, typeof ApiError>> = {
  400: BadRequestError,
  401: AuthenticationError,
  403: PermissionDeniedError,
  404: NotFoundError,
  409: ConflictError,
  410: GoneError,
  429: RateLimitError,
};

/** The error of an answer, in the class of its status. */
export function apiErrorOf(fields: ApiErrorFields): ApiError {
  const ErrorClass = classes[fields.status] ?? (fields.status >= 500 ? ServerError : ApiError);
  return new ErrorClass(fields);
}

/** What is known of a generation that failed. */
export interface GenerationFailure {
  readonly message: string;
  readonly code: string;
  readonly details: Json;
  readonly customerData: JsonObject;
  /** With every attempt; null when a stream broke off. */
  readonly meta: Meta | null;
  readonly requestId: string | null;
}

/** The AI did not answer: every provider of the workflow failed, or the request was cancelled. Not retried. */
export class GenerationError extends HeadraceError {
  readonly code: string;
  readonly details: Json;
  readonly customerData: JsonObject;
  readonly meta: Meta | null;
  readonly requestId: string | null;

  constructor(failure: GenerationFailure) {
    super(failure.message);
    this.code = failure.code;
    this.details = failure.details;
    this.customerData = failure.customerData;
    this.meta = failure.meta;
    this.requestId = failure.requestId;
  }
}

/** Why a webhook is not believed. */
export type WebhookRefusal =
  | 'missing_header'
  | 'invalid_header'
  | 'timestamp_too_old'
  | 'timestamp_too_new'
  | 'signature_mismatch'
  | 'invalid_body'
  | 'body_too_large';

/** A webhook that is not believed: answer it with 400, and do nothing else with it. */
export class WebhookVerificationError extends HeadraceError {
  constructor(
    readonly code: WebhookRefusal,
    message: string,
  ) {
    super(message);
  }
}

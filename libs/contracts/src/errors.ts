/** Every error that the HTTP API can answer with (CONTRACT section 1). The reference page is made from this list. */
export const errorCatalogue = {
  invalid_request_error: {
    status: 400,
    type: 'invalid_request_error',
    description: 'A field of the request is wrong: `param` names the first one, `details` all of them.',
  },
  invalid_json: {
    status: 400,
    type: 'invalid_request_error',
    description: 'The body is not JSON.',
  },
  model_not_supported: {
    status: 400,
    type: 'invalid_request_error',
    description: 'The workflow cannot be used this way: an event-driven workflow needs the asynchronous route.',
  },
  invalid_api_key: {
    status: 401,
    type: 'authentication_error',
    description: 'The API key is missing, unknown, revoked or expired.',
  },
  permission_error: {
    status: 403,
    type: 'permission_error',
    description: 'The key is good, but belongs to another project or to an inactive one.',
  },
  model_not_found: {
    status: 404,
    type: 'invalid_request_error',
    description: 'The project has no workflow of that name.',
  },
  not_found: {
    status: 404,
    type: 'not_found_error',
    description: 'There is nothing at this path or under this id.',
  },
  conflict: {
    status: 409,
    type: 'conflict_error',
    description: 'Something of that name exists already.',
  },
  callback_already_received: {
    status: 409,
    type: 'conflict_error',
    description: 'Another callback has decided this request.',
  },
  callback_not_expected: {
    status: 409,
    type: 'conflict_error',
    description: 'The request is not event-driven, or the AI has not answered yet.',
  },
  callback_expired: {
    status: 410,
    type: 'gone_error',
    description: 'The callback came after its window; the request has failed.',
  },
  idempotency_key_reused: {
    status: 409,
    type: 'conflict_error',
    description: 'The `Idempotency-Key` came with another request before; a new request needs a new key.',
  },
  idempotency_key_in_use: {
    status: 409,
    type: 'conflict_error',
    description:
      'The first request with this `Idempotency-Key` is still being answered. `Retry-After` says when to ask.',
  },
  idempotency_outcome_unknown: {
    status: 409,
    type: 'conflict_error',
    description: 'The first request with this `Idempotency-Key` was interrupted; it is not done twice.',
  },
  request_ended: {
    status: 409,
    type: 'conflict_error',
    description: 'The request has ended, so it cannot be cancelled any more.',
  },
  replay_not_possible: {
    status: 409,
    type: 'conflict_error',
    description: 'The endpoint of the dead letter was removed or is switched off, so nothing can be sent to it.',
  },
  replay_ended: {
    status: 409,
    type: 'conflict_error',
    description: 'The replay was completed, cancelled or has failed, so it cannot be changed any more.',
  },
  payload_too_large: {
    status: 413,
    type: 'invalid_request_error',
    description: 'The body is over the size limit.',
  },
  unsupported_media_type: {
    status: 415,
    type: 'invalid_request_error',
    description: 'The body is not sent as application/json.',
  },
  rate_limit_exceeded: {
    status: 429,
    type: 'rate_limit_error',
    description: 'Too many requests; `Retry-After` says when to come back.',
  },
  request_cancelled: {
    status: 499,
    type: 'request_cancelled',
    description: 'The request was cancelled before it was answered: by its caller, who left, or by somebody else.',
  },
  budget_exceeded: {
    status: 429,
    type: 'rate_limit_error',
    description: 'A budget is used up; the message names it, and `Retry-After` says when it begins anew.',
  },
  internal_error: {
    status: 500,
    type: 'api_error',
    description: 'A fault of ours. The log has the trace id.',
  },
  upstream_error: {
    status: 502,
    type: 'upstream_error',
    description: 'The AI provider failed.',
  },
  service_unavailable: {
    status: 503,
    type: 'service_unavailable',
    description:
      'The request is not known to be durable, so nothing is promised. `Retry-After` says when to come back.',
  },
  sync_timeout: {
    status: 504,
    type: 'timeout_error',
    description:
      'No answer came within HEADRACE_SYNC_TIMEOUT_MS, so the request was cancelled. `/v1/ai/async` has no such limit.',
  },
} as const;

/** A stable error code. */
export type ErrorCode = keyof typeof errorCatalogue;

/** One offending field. */
export interface ErrorDetail {
  readonly param: string;
  readonly message: string;
  /** Place within the field, where that is JSON of the client's own: a JSON Pointer. */
  readonly pointer?: string;
  /** The keyword of a JSON Schema that is wrong. */
  readonly keyword?: string;
}

/** Body of every error answer. */
export interface ErrorBody {
  readonly message: string;
  readonly error: {
    readonly message: string;
    readonly type: string;
    readonly param: string | null;
    readonly code: ErrorCode;
    readonly details?: readonly ErrorDetail[];
  };
}

/** The error answer for a code. `message` tells people what to do. */
export function errorBody(code: ErrorCode, message: string, details: readonly ErrorDetail[] = []): ErrorBody {
  const { type } = errorCatalogue[code];
  const param = details[0]?.param ?? null;
  return { message, error: { message, type, param, code, ...(details.length > 0 ? { details } : {}) } };
}

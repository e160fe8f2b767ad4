import { errorCatalogue, type ErrorCode, type ErrorDetail } from '@headrace/contracts';

/** What an `ApiError` carries besides its code and message. */
export interface ApiErrorOptions {
  /** The offending fields; the first becomes `error.param`. */
  readonly details?: readonly ErrorDetail[];
  /** Response headers, such as `Retry-After`. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly cause?: unknown;
}

/** An error answer of the HTTP API. `message` is shown to the client and says what to do. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly details: readonly ErrorDetail[];
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    readonly code: ErrorCode,
    message: string,
    { details = [], headers = {}, cause }: ApiErrorOptions = {},
  ) {
    super(message, { cause });
    this.details = details;
    this.headers = headers;
  }

  get status(): number {
    return errorCatalogue[this.code].status;
  }
}

/** 400 `invalid_request_error` that names every offending field. */
export function invalidFields(details: readonly ErrorDetail[]): ApiError {
  const more = details.length > 1 ? ` ${details.length} fields are wrong: see error.details.` : '';
  return new ApiError('invalid_request_error', `${details[0]?.message ?? 'The request is not valid.'}${more}`, {
    details,
  });
}

/** 503 `service_unavailable`, to be tried again after `retryAfterSeconds`. */
export function serviceUnavailable(message: string, cause?: unknown, retryAfterSeconds = 1): ApiError {
  return new ApiError('service_unavailable', message, { headers: { 'retry-after': String(retryAfterSeconds) }, cause });
}

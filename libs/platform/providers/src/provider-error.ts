/** Everything that can go wrong with a provider call, in words that do not change. */
export type ProviderErrorCode =
  /** No adapter has this name and no base URL is stored for it. */
  | 'unknown_provider'
  /** The project has no credentials for the provider, or they lack what it needs. */
  | 'missing_credentials'
  /** The provider does not accept the credentials. */
  | 'authentication_failed'
  /** Too many calls, or the quota is used up. */
  | 'rate_limited'
  /** The provider does not accept the request: unknown model, bad parameter, context too long. */
  | 'invalid_request'
  /** The provider failed: a 5xx answer. */
  | 'provider_failed'
  | 'timeout'
  /** No complete answer came: DNS, connection, TLS. */
  | 'connection_failed'
  /** The address is one that the operator does not allow. */
  | 'blocked_address'
  /** The answer is not what an answer looks like. */
  | 'invalid_response'
  | 'response_too_large'
  /** The model declined to answer. */
  | 'refused'
  /** The provider's filter withheld the answer. */
  | 'content_filtered'
  /** The caller gave up. */
  | 'aborted';

/** A provider call without a usable answer. `message` is for the project's people and never holds a key. */
export class ProviderError extends Error {
  override readonly name = 'ProviderError';
  /** Status of the provider's answer; null when none came. */
  readonly httpStatus: number | null;
  /** Whether the same call may succeed later. */
  readonly retryable: boolean;
  /** How long the provider asked to wait, in milliseconds. */
  readonly retryAfterMs: number | null;

  constructor(
    readonly code: ProviderErrorCode,
    message: string,
    facts: { httpStatus?: number | null; retryable?: boolean; retryAfterMs?: number | null } = {},
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.httpStatus = facts.httpStatus ?? null;
    this.retryable = facts.retryable ?? false;
    this.retryAfterMs = facts.retryAfterMs ?? null;
  }
}

/** The call was given up by its caller. */
export const abortedCall = (): ProviderError =>
  new ProviderError('aborted', 'The provider call was given up.', { retryable: true });

/** The call took longer than its limit. */
export const timedOut = (timeoutMs: number): ProviderError =>
  new ProviderError('timeout', `The provider did not answer within ${timeoutMs} ms.`, { retryable: true });

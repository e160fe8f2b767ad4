/** Everything that can go wrong with a call, in words that do not change. */
export const outboundErrorCodes = [
  /** The URL is not one, or of a kind that is never called. */
  'invalid_url',
  /** The host is, or resolves to, an address that the operator does not allow. */
  'blocked_address',
  'dns_failed',
  'connection_refused',
  'unreachable',
  'connect_timeout',
  'tls_error',
  /** The connection broke before the answer was complete. */
  'connection_reset',
  /** The first byte or the last came too late. */
  'timeout',
  /** The answer is not HTTP, or not as long as it says. */
  'invalid_response',
  /** A streamed answer went over its limit. */
  'response_too_large',
  /** The request cannot be sent as it is: a header with a line break, … */
  'invalid_request',
  /** The caller gave up. */
  'aborted',
  'connection_failed',
] as const;
export type OutboundErrorCode = (typeof outboundErrorCodes)[number];

/** A call that brought no complete answer. `message` is a sentence for the people who own the URL. */
export class OutboundError extends Error {
  override readonly name = 'OutboundError';
  /** Status of the answer when its head came and its body did not. */
  status: number | null = null;

  constructor(
    readonly code: OutboundErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

import type { OutboundTimings } from './exchange/outbound-request.js';

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

  constructor(
    readonly code: OutboundErrorCode,
    message: string,
    options?: ErrorOptions,
    /** How far the call had come. */
    readonly progress: CallProgress = { status: null, timings: null },
  ) {
    super(message, options);
  }

  /** The same failure of a call that had come so far; several calls may share the failure of one connection. */
  at(progress: CallProgress): OutboundError {
    return new OutboundError(this.code, this.message, { cause: this.cause }, progress);
  }

  /** Status of the answer when its head came and its body did not. */
  get status(): number | null {
    return this.progress.status;
  }

  /** How long its steps took as far as it came; null when it was never tried. */
  get timings(): OutboundTimings | null {
    return this.progress.timings;
  }
}

/** What there was of a call when it failed. */
export interface CallProgress {
  readonly status: number | null;
  readonly timings: OutboundTimings | null;
}

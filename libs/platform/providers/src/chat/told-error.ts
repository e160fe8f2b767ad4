import { ProviderError, type ProviderErrorCode } from '../provider-error.js';

/** An error as a provider tells it, in its status or in its words. */
export interface ToldError {
  readonly code: ProviderErrorCode;
  readonly message: string;
  readonly httpStatus: number;
  readonly retryAfterMs?: number | null;
  /** Whether it is known to last, although errors of its kind pass as a rule. */
  readonly isLasting?: boolean;
}

const passing = new Set<ProviderErrorCode>(['rate_limited', 'provider_failed', 'timeout']);
/** Every provider says in words of its own that a conversation does not fit. */
const tooLong =
  /(?:prompt|input) is too long|too many tokens(?!: max)|maximum context|context (?:length|window|limit)|input token count/i;

/** The error of what a provider told; a conversation that is too long is told as such. */
export function toldError({
  code,
  message,
  httpStatus,
  retryAfterMs = null,
  isLasting = false,
}: ToldError): ProviderError {
  const isTooLong = code === 'invalid_request' && tooLong.test(message);
  return new ProviderError(code, isTooLong ? `The conversation is too long for the model. ${message}` : message, {
    httpStatus,
    retryable: passing.has(code) && !isLasting,
    retryAfterMs,
  });
}

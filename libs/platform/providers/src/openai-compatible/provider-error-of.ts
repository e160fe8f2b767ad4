import type { HttpAnswer } from '../http-client.port.js';
import { abortedCall, ProviderError, timedOut, type ProviderErrorCode } from '../provider-error.js';

/** An error answer of a provider, told with the provider's own message. `now`: milliseconds since 1970. */
export function errorOfAnswer({ status, headers, body }: HttpAnswer, now: number): ProviderError {
  const message = messageIn(body.toString('utf8')) ?? 'no message';
  return new ProviderError(codeOfStatus(status), `HTTP ${status}: ${message}`, {
    httpStatus: status,
    retryable: status === 408 || status === 409 || status === 425 || status === 429 || status >= 500,
    retryAfterMs: retryAfterMs(headers['retry-after'], now),
  });
}

/** A call without an answer. `timeoutMs`: the call's limit. */
export function errorOfFailure(error: unknown, timeoutMs: number): ProviderError {
  const message = error instanceof Error ? error.message : 'The call failed.';
  switch (codeOf(error)) {
    case 'aborted':
      return abortedCall();
    case 'timeout':
      return timedOut(timeoutMs);
    case 'invalid_url':
    case 'blocked_address':
      return new ProviderError('blocked_address', message, {}, { cause: error });
    case 'invalid_request':
      // A key with a line break ends here: the reason must not repeat it.
      return new ProviderError('missing_credentials', 'The provider credentials cannot be sent: check the API key.');
    case 'response_too_large':
      return new ProviderError('response_too_large', message, {}, { cause: error });
    default:
      return new ProviderError('connection_failed', message, { retryable: true }, { cause: error });
  }
}

function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
}

function codeOfStatus(status: number): ProviderErrorCode {
  if (status === 401 || status === 403) return 'authentication_failed';
  if (status === 429) return 'rate_limited';
  if (status === 408) return 'timeout';
  if (status >= 500) return 'provider_failed';
  return status >= 400 ? 'invalid_request' : 'invalid_response';
}

/** The text in the ways in which providers write errors: `error.message`, `error`, `message`, `detail`. */
function messageIn(text: string): string | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    const body = member(Array.isArray(parsed) ? (parsed as unknown[])[0] : parsed);
    const inner = member(body.error);
    const found = [inner.message, body.error, body.message, body.detail].find((value) => typeof value === 'string');
    return found?.slice(0, 500);
  } catch {
    // An error page of something in between says nothing useful.
    return undefined;
  }
}

const member = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};

/** `Retry-After` is seconds or an HTTP date (RFC 9110). */
function retryAfterMs(header: string | string[] | undefined, now: number): number | null {
  const text = [header].flat()[0]?.trim();
  if (text === undefined || text === '') return null;
  if (/^\d+(\.\d+)?$/.test(text)) return Math.round(Number(text) * 1_000);
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : Math.max(0, at - now);
}

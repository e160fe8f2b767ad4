import type { Json } from '@headrace/contracts';
import type { HttpAnswer } from '../http-client.port.js';
import { abortedCall, ProviderError, timedOut, type ProviderErrorCode } from '../provider-error.js';

/** An error answer of a provider, told with the provider's own message. `now`: milliseconds since 1970. */
export function errorOfAnswer({ status, headers, body }: HttpAnswer, now: number): ProviderError {
  const { message = 'no message', code } = toldIn(body.toString('utf8'));
  return new ProviderError(codeOfError(status, code), `HTTP ${status}: ${message}`, {
    httpStatus: status,
    retryable: isRetryable(status) && code !== 'insufficient_quota',
    retryAfterMs: wholeMs(headers['retry-after-ms']) ?? retryAfterMs(headers['retry-after'], now),
  });
}

/**
 * An error that a provider told inside a 200 answer: in the middle of a stream or in place of its choices. A number as
 * its `code` is the status that it would have had.
 */
export function errorInAnswer(told: Json | undefined): ProviderError {
  const error = member(told);
  const message = typeof told === 'string' ? told : text(error.message);
  const words = [text(error.code), text(error.type)];
  const known = words.map((word) => codeOfWord.get(word ?? '')).find((code) => code !== undefined);
  const status = Number(error.code ?? error.status);
  const code = known ?? (status >= 400 && status <= 599 ? codeOfError(status) : 'provider_failed');
  const isHopeless = words.includes('insufficient_quota');
  return new ProviderError(code, message?.slice(0, 500) ?? 'The provider failed.', {
    httpStatus: 200,
    retryable: !isHopeless && (code === 'provider_failed' || code === 'rate_limited' || code === 'timeout'),
  });
}

/** What OpenAI and those who speak like it write into `code` and `type` of an error. */
const codeOfWord = new Map<string, ProviderErrorCode>([
  ['rate_limit_exceeded', 'rate_limited'],
  ['rate_limit_error', 'rate_limited'],
  ['insufficient_quota', 'rate_limited'],
  ['tokens', 'rate_limited'],
  ['content_filter', 'content_filtered'],
  ['invalid_request_error', 'invalid_request'],
  ['invalid_prompt', 'invalid_request'],
  ['context_length_exceeded', 'invalid_request'],
  ['invalid_api_key', 'authentication_failed'],
  ['authentication_error', 'authentication_failed'],
]);

/** A call without an answer. `timeoutMs`: the call's limit; `silentMs`: the limit of silence, when that was it. */
export function errorOfFailure(error: unknown, timeoutMs: number, silentMs?: number): ProviderError {
  const message = error instanceof Error ? error.message : 'The call failed.';
  switch (codeOf(error)) {
    case 'aborted':
      return abortedCall();
    case 'timeout':
      return silentMs === undefined ? timedOut(timeoutMs) : fellSilent(silentMs);
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

const fellSilent = (silentMs: number): ProviderError =>
  new ProviderError('timeout', `The provider said nothing for ${silentMs} ms in the middle of its answer.`, {
    retryable: true,
  });

const isRetryable = (status: number): boolean =>
  status === 408 || status === 409 || status === 425 || status === 429 || status >= 500;

function codeOfError(status: number, code?: string): ProviderErrorCode {
  // Azure withholds a prompt by a 400.
  if (code === 'content_filter') return 'content_filtered';
  if (status === 401 || status === 403) return 'authentication_failed';
  if (status === 429) return 'rate_limited';
  if (status === 408) return 'timeout';
  if (status >= 500) return 'provider_failed';
  return status >= 400 ? 'invalid_request' : 'invalid_response';
}

/** The text in the ways in which providers write errors: `error.message`, `error`, `message`, `detail`. */
function toldIn(body: string): { readonly message?: string; readonly code?: string } {
  try {
    const parsed: unknown = JSON.parse(body);
    const outer = member(Array.isArray(parsed) ? (parsed as unknown[])[0] : parsed);
    const inner = member(outer.error);
    const message = [inner.message, outer.error, outer.message, outer.detail].map(text).find((found) => found);
    const code = text(inner.code) ?? text(outer.code);
    return { ...(message === undefined ? {} : { message: message.slice(0, 500) }), ...(code ? { code } : {}) };
  } catch {
    // An error page of something in between says nothing useful.
    return {};
  }
}

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

const member = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};

/** `retry-after-ms` of OpenAI and Azure. */
function wholeMs(header: string | string[] | undefined): number | null {
  const value = [header].flat()[0]?.trim() ?? '';
  return /^\d+(\.\d+)?$/.test(value) ? Math.round(Number(value)) : null;
}

/** `Retry-After` is seconds or an HTTP date (RFC 9110). */
function retryAfterMs(header: string | string[] | undefined, now: number): number | null {
  const text = [header].flat()[0]?.trim();
  if (text === undefined || text === '') return null;
  if (/^\d+(\.\d+)?$/.test(text)) return Math.round(Number(text) * 1_000);
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : Math.max(0, at - now);
}

import type { JsonObject } from '@headrace/contracts';
import { objectIn, parsedObject, text } from '../chat/json.js';
import { toldError } from '../chat/told-error.js';
import type { HttpAnswer } from '../http-client.port.js';
import { errorOfAnswer } from '../openai-compatible/provider-error-of.js';
import type { ProviderError, ProviderErrorCode } from '../provider-error.js';

/** Anthropic's types of errors. */
const codes = new Map<string, ProviderErrorCode>([
  ['authentication_error', 'authentication_failed'],
  ['permission_error', 'authentication_failed'],
  ['rate_limit_error', 'rate_limited'],
  ['overloaded_error', 'provider_failed'],
  ['timeout_error', 'timeout'],
  ['api_error', 'provider_failed'],
  ['invalid_request_error', 'invalid_request'],
  ['not_found_error', 'invalid_request'],
  ['request_too_large', 'invalid_request'],
  ['billing_error', 'invalid_request'],
]);

/** An answer with another status than 200. `now`: milliseconds since 1970. */
export function errorOfAnthropicAnswer(answer: HttpAnswer, now: number): ProviderError {
  const known = errorOfAnswer(answer, now);
  const { type } = objectIn(parsedObject(answer.body.toString('utf8'))?.error);
  const code = codes.get(text(type) ?? '') ?? known.code;
  const retryAfterMs = known.retryAfterMs ?? (code === 'rate_limited' ? limitEndsInMs(answer.headers, now) : null);
  return toldError({ code, message: known.message, httpStatus: answer.status, retryAfterMs });
}

/** When the limits that are used up begin anew, from `anthropic-ratelimit-{what}-remaining` and `-reset`. */
function limitEndsInMs(headers: HttpAnswer['headers'], now: number): number | null {
  const resets = ['requests', 'tokens', 'input-tokens', 'output-tokens']
    .map((what) => `anthropic-ratelimit-${what}`)
    .filter((name) => headers[`${name}-remaining`] === '0')
    .map((name) => Date.parse(String(headers[`${name}-reset`])))
    .filter((at) => !Number.isNaN(at));
  return resets.length === 0 ? null : Math.max(0, ...resets.map((at) => at - now));
}

/** `{"type":"error","error":{"type","message"}}` inside a 200 answer, in the middle of a stream mostly. */
export function errorInAnthropicAnswer(body: JsonObject): ProviderError {
  const { type, message } = objectIn(body.error);
  const code = codes.get(text(type) ?? '') ?? 'provider_failed';
  const told = [text(type), text(message)?.slice(0, 500)].filter(Boolean).join(': ');
  return toldError({ code, message: told || 'The provider failed.', httpStatus: 200 });
}

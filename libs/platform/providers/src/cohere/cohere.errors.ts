import type { JsonObject } from '@headrace/contracts';
import { text } from '../chat/json.js';
import { toldError } from '../chat/told-error.js';
import type { HttpAnswer } from '../http-client.port.js';
import { errorOfAnswer } from '../openai-compatible/provider-error-of.js';
import type { ProviderError, ProviderErrorCode } from '../provider-error.js';

/** The statuses that mean something else here than elsewhere. */
const codes = new Map<number, ProviderErrorCode>([
  [402, 'rate_limited'],
  [498, 'content_filtered'],
  [499, 'provider_failed'],
  [504, 'timeout'],
]);

/** An answer with another status than 200: `{"id","message"}`. `now`: milliseconds since 1970. */
export function errorOfCohereAnswer(answer: HttpAnswer, now: number): ProviderError {
  const known = errorOfAnswer(answer, now);
  return toldError({
    code: codes.get(answer.status) ?? known.code,
    message: known.message,
    httpStatus: answer.status,
    retryAfterMs: known.retryAfterMs,
    // The free calls of a month, or money, are used up.
    isLasting: answer.status === 402 || /per month|\/ ?month/i.test(known.message),
  });
}

/** An error inside a 200 answer. */
export const errorInCohereAnswer = (body: JsonObject): ProviderError =>
  toldError({
    code: 'provider_failed',
    message: text(body.message)?.slice(0, 500) ?? 'The provider failed.',
    httpStatus: 200,
  });

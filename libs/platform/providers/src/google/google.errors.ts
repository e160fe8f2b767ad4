import type { Json, JsonObject } from '@headrace/contracts';
import { objectIn, objectsIn, text } from '../chat/json.js';
import { toldError } from '../chat/told-error.js';
import type { HttpAnswer } from '../http-client.port.js';
import { errorOfAnswer } from '../openai-compatible/provider-error-of.js';
import type { ProviderError, ProviderErrorCode } from '../provider-error.js';

/** The statuses of google.rpc.Code. */
const codes = new Map<string, ProviderErrorCode>([
  ['UNAUTHENTICATED', 'authentication_failed'],
  ['PERMISSION_DENIED', 'authentication_failed'],
  ['RESOURCE_EXHAUSTED', 'rate_limited'],
  ['DEADLINE_EXCEEDED', 'timeout'],
  ['CANCELLED', 'provider_failed'],
  ['UNKNOWN', 'provider_failed'],
  ['INTERNAL', 'provider_failed'],
  ['UNAVAILABLE', 'provider_failed'],
  ['INVALID_ARGUMENT', 'invalid_request'],
  ['FAILED_PRECONDITION', 'invalid_request'],
  ['OUT_OF_RANGE', 'invalid_request'],
  ['NOT_FOUND', 'invalid_request'],
]);

/** An answer with another status than 200. `now`: milliseconds since 1970. */
export function errorOfGoogleAnswer(answer: HttpAnswer, now: number): ProviderError {
  const known = errorOfAnswer(answer, now);
  const told = objectIn(errorIn(answer.body.toString('utf8')));
  return toldError({
    code: codeOf(told) ?? known.code,
    message: known.message,
    httpStatus: answer.status,
    retryAfterMs: known.retryAfterMs ?? retryDelayMs(told),
    isLasting: isUsedUpForToday(told),
  });
}

/** `{"code","message","status","details"}` inside a 200 answer, in the middle of a stream mostly. */
export function errorInGoogleAnswer(told: JsonObject): ProviderError {
  return toldError({
    code: codeOf(told) ?? 'provider_failed',
    message:
      [text(told.status), text(told.message)?.slice(0, 500)].filter(Boolean).join(': ') || 'The provider failed.',
    httpStatus: 200,
    retryAfterMs: retryDelayMs(told),
    isLasting: isUsedUpForToday(told),
  });
}

/** Some errors are in a list of one. */
function errorIn(body: string): Json | undefined {
  try {
    const parsed = JSON.parse(body) as Json;
    return objectIn(Array.isArray(parsed) ? parsed[0] : parsed).error;
  } catch {
    return undefined;
  }
}

/** A key that is none is told as an invalid argument. */
function codeOf(told: JsonObject): ProviderErrorCode | undefined {
  const isBadKey = objectsIn(told.details).some(({ reason }) => reason === 'API_KEY_INVALID');
  return isBadKey ? 'authentication_failed' : codes.get(text(told.status) ?? '');
}

/** `retryDelay` of google.rpc.RetryInfo: seconds as `34.4s`. */
function retryDelayMs(told: JsonObject): number | null {
  const delays = objectsIn(told.details).map(
    ({ retryDelay }) => /^(\d+(?:\.\d+)?)s$/.exec(text(retryDelay) ?? '')?.[1],
  );
  const seconds = delays.find((delay) => delay !== undefined);
  return seconds === undefined ? null : Math.round(Number(seconds) * 1_000);
}

/** Whether a quota is used up that counts days: no retry of today changes that, whatever the delay says. */
const isUsedUpForToday = (told: JsonObject): boolean =>
  objectsIn(told.details).some(({ violations }) =>
    objectsIn(violations).some(({ quotaId }) => /PerDay/i.test(text(quotaId) ?? '')),
  );

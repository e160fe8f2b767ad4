import type { Json, JsonObject } from '@headrace/contracts';
import type { HttpAnswer } from '../http-client.port.js';
import { isObject } from '../chat/json.js';
import { becauseOf } from '../openai-compatible/content-filter.js';
import { errorOfAnswer } from '../openai-compatible/provider-error-of.js';
import { ProviderError } from '../provider-error.js';

/**
 * An error answer of Azure. A prompt that its filter would not read is a 400, with the harms that it found in
 * `innererror`. `now`: milliseconds since 1970.
 */
export function errorOfAzureAnswer(answer: HttpAnswer, now: number): ProviderError {
  const known = errorOfAnswer(answer, now);
  const inner = memberOf(memberOf(parsed(answer), 'error'), 'innererror');
  const isFiltered = known.code === 'content_filtered' || inner.code === 'ResponsibleAIPolicyViolation';
  if (!isFiltered) return known;
  const why = becauseOf(inner.content_filter_result ?? inner.content_filter_results);
  const message = `HTTP ${answer.status}: The provider's content filter withheld the prompt${why}.`;
  return new ProviderError('content_filtered', message, { httpStatus: answer.status });
}

function parsed({ body }: HttpAnswer): JsonObject {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}

function memberOf(object: JsonObject, name: string): JsonObject {
  const member: Json | undefined = object[name];
  return isObject(member) ? member : {};
}

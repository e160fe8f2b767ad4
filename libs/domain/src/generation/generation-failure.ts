import type { GenerationAttempt, JsonObject } from '@headrace/contracts';
import { failedHttpStatus } from './generation-summary.js';

/** What a client is told when no provider answered. */
export interface GenerationFailure {
  readonly message: string;
  readonly details: JsonObject;
}

/**
 * The failure that failed attempts add up to. `details` are the last provider's status (502 when it did not
 * answer at all) and reason.
 */
export function failureOf(attempts: readonly GenerationAttempt[]): GenerationFailure {
  const last = attempts.at(-1);
  if (last === undefined) return failureBecause('No provider was tried.');
  const reason = last.reason ?? 'The provider failed.';
  return {
    message: attempts.length === 1 ? reason : `All ${attempts.length} providers failed. The last one: ${reason}`,
    details: { status: last.httpStatus ?? failedHttpStatus, message: reason },
  };
}

/** A failure that is not a provider's. */
export function failureBecause(reason: string): GenerationFailure {
  return { message: reason, details: { status: failedHttpStatus, message: reason } };
}

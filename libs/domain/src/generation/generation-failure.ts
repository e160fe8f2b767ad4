import type { Json, JsonObject, RequestFailureCode } from '@headrace/contracts';
import { targetOf, type FailedAttempt } from './failed-attempt.js';
import { failedHttpStatus } from './generation-summary.js';

/** What a client is told when no provider answered. */
export interface GenerationFailure {
  readonly code: Extract<RequestFailureCode, 'provider_failed' | 'structured_output_invalid' | 'expired'>;
  readonly message: string;
  readonly details: JsonObject;
}

/** Why an attempt failed whose answer does not fit its schema: its `code`. */
export const structuredOutputInvalid = 'structured_output_invalid';

/**
 * The failure that failed attempts add up to. `details` are the last provider's status (502 when it did not
 * answer at all), its reason and how long it asked to wait, and the last answer that did not fit, if there was one: it
 * may be all that there is.
 */
export function failureOf(made: readonly FailedAttempt[]): GenerationFailure {
  const last = made.at(-1);
  if (last === undefined) return failureBecause('No provider was tried.');
  const reason = last.attempt.reason ?? 'The provider failed.';
  return {
    code: last.misfit ? structuredOutputInvalid : 'provider_failed',
    message: messageOf(made, reason),
    details: {
      status: last.attempt.httpStatus ?? failedHttpStatus,
      message: reason,
      ...waitDetails(last),
      ...misfitDetails(made),
    },
  };
}

/** A failure that is not a provider's. */
export function failureBecause(reason: string): GenerationFailure {
  return { code: 'provider_failed', message: reason, details: { status: failedHttpStatus, message: reason } };
}

/** The request waited for its generation until it was not worth an answer any more. */
export function expiryFailure(expiresAt: string): GenerationFailure {
  return {
    code: 'expired',
    message: `The request waited for its answer until it expired at ${expiresAt}.`,
    details: { expires_at: expiresAt },
  };
}

/** Whether a generation that begins at `now`, ISO 8601, comes too late. */
export const isExpired = (expiresAt: string | undefined, now: string): expiresAt is string =>
  expiresAt !== undefined && Date.parse(expiresAt) <= Date.parse(now);

function messageOf(made: readonly FailedAttempt[], reason: string): string {
  if (made.length === 1) return reason;
  const targets = new Set(made.map(targetOf)).size;
  if (targets === 1) return `All ${made.length} attempts failed. The last one: ${reason}`;
  return `All ${targets} providers failed. The last one: ${reason}`;
}

const waitDetails = ({ attempt: { retryAfterMs } }: FailedAttempt): JsonObject =>
  retryAfterMs === undefined ? {} : { retry_after_seconds: retryAfterMs / 1_000 };

function misfitDetails(made: readonly FailedAttempt[]): JsonObject {
  const misfit = made.findLast((one) => one.misfit)?.misfit;
  if (!misfit) return {};
  const violations: Json = misfit.violations.map(({ path, message }) => ({ path, message }));
  return { violations, content: misfit.content };
}

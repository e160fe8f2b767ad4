import { ApiError, toApiError } from '@headrace/http';

/** A connection that was never made carried nothing. */
const neverConnected: ReadonlySet<unknown> = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EHOSTUNREACH', 'EAI_AGAIN']);

/**
 * Whether a failed request certainly changed nothing: it was refused, or the database was away before it began. A
 * connection that was lost in the middle may have lost the word that all was done.
 */
export function nothingHappened(error: unknown): boolean {
  const answer = toApiError(error);
  if (answer !== undefined && answer.status < 500) return true;
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    if ('code' in cause && !(cause instanceof ApiError) && neverConnected.has(cause.code)) return true;
  }
  return false;
}

import { requestAccepted } from '@headrace/contracts';
import { expiryFailure, isExpired, type FailedAttempt } from '@headrace/domain';
import type { AskedEvent } from './asked-event.js';
import type { GenerationResult } from './generation-result.js';

/**
 * Until when the generation must have begun, ISO 8601; undefined: it may begin whenever, or has begun. Only the first
 * answer of a request expires: whoever goes on with one wants it.
 */
export function expiryOf({ type, data: { context } }: AskedEvent, made: readonly FailedAttempt[]): string | undefined {
  return made.length === 0 && type === requestAccepted.type ? context.expiresAt : undefined;
}

/** The end of a request that has waited for too long; undefined: it has not. */
export function expired(event: AskedEvent, made: readonly FailedAttempt[]): GenerationResult | undefined {
  const expiresAt = expiryOf(event, made);
  if (!isExpired(expiresAt, new Date().toISOString())) return undefined;
  return { generation: null, failure: expiryFailure(expiresAt) };
}

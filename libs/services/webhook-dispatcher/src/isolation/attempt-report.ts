import type { DeliveryAttempt } from '@headrace/contracts';
import type { Strain } from './endpoint-load.js';

/** What an attempt says about its endpoint. */
export interface AttemptReport {
  /** Alive: it answered for itself. Sick: it did not, or told of a fault. Unknown: it was not asked. */
  readonly health: 'alive' | 'sick' | 'unknown';
  readonly strain: Strain;
  /** For how long it wants nothing, in milliseconds; null: it did not say. */
  readonly retryAfterMs: number | null;
}

/** Failures before a connection was tried: they tell of the URL. */
const ours: ReadonlySet<string> = new Set(['blocked_address', 'invalid_url']);

/**
 * Reads an outcome. An answer below 500 shows that the endpoint lives, also a 400 or 422: it does not like the payload,
 * and not trying others would help nobody. So do 410 and redirects. What counts as sick is a 5xx, a 429, no answer in
 * time, a broken answer, and any failure to connect.
 */
export function reportOf(outcome: {
  readonly attempt: Pick<DeliveryAttempt, 'httpStatus' | 'error'>;
  readonly retryAfterMs: number | null;
  readonly isOverloaded: boolean;
}): AttemptReport {
  const { attempt, retryAfterMs, isOverloaded } = outcome;
  const { httpStatus, error } = attempt;
  if (error !== null && ours.has(error.code)) return { health: 'unknown', strain: undefined, retryAfterMs: null };
  const isAnswer = error === null || error.code === 'http_status' || error.code === 'redirect_not_followed';
  const isAlive = isAnswer && httpStatus !== null && httpStatus < 500 && httpStatus !== 429;
  const isTooMuch = isOverloaded || error?.code === 'timeout';
  return {
    health: isAlive ? 'alive' : 'sick',
    strain: isTooMuch ? 'tooMuch' : 'none',
    retryAfterMs: isOverloaded ? retryAfterMs : null,
  };
}

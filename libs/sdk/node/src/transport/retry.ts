const firstDelayMs = 500;
const longestDelayMs = 8_000;
/** A server that wants a longer pause is not waited for: the caller is told how long it is. */
const longestWaitMs = 60_000;

/** A failed attempt, as far as the next one depends on it. */
export interface FailedAttempt {
  /** From 1. */
  readonly number: number;
  /** Undefined: no answer came. */
  readonly status?: number;
  readonly code?: string | null;
  /** From `Retry-After`. */
  readonly retryAfterMs?: number | null;
  /** `X-Should-Retry: false`: the server knows that it is of no use. */
  readonly isHopeless?: boolean;
}

/**
 * How long to wait before the next attempt, in milliseconds; undefined when there should be none. `random`: from 0 to
 * below 1. Of the 4xx only those that say "later" are tried again: 429, and a key whose first call is being answered.
 */
export function retryDelay(failed: FailedAttempt, random: number): number | undefined {
  const { number, status, code, retryAfterMs = null, isHopeless = false } = failed;
  const saysLater = status === 429 || code === 'idempotency_key_in_use';
  if (isHopeless || (status !== undefined && status < 500 && !saysLater)) return undefined;
  const backoff = Math.min(firstDelayMs * 2 ** (number - 1), longestDelayMs);
  const jittered = backoff * (0.5 + random / 2);
  if (retryAfterMs === null) return jittered;
  if (retryAfterMs > longestWaitMs) return undefined;
  // A little more than asked for, so that those who were told the same do not come together.
  return retryAfterMs + (random * firstDelayMs) / 2;
}

/** `Retry-After`, seconds or a date, in milliseconds from `now`; null when it says nothing. */
export function retryAfterOf(header: string | null, now: number): number | null {
  if (header === null) return null;
  if (/^\d+(\.\d+)?$/.test(header.trim())) return Number(header) * 1_000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? null : Math.max(0, date - now);
}

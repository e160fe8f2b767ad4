const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

/** When a delivery's attempts follow each other. */
export interface RetryPolicy {
  /** Delay before each attempt after the one before it, in milliseconds; the first before attempt 1. */
  readonly delaysMs: readonly number[];
}

/** The documented schedule: 8 attempts over 3 hours and 43 minutes (CONTRACT section 4). */
export const defaultRetryPolicy: RetryPolicy = {
  delaysMs: [0, 5 * second, 30 * second, 2 * minute, 10 * minute, 30 * minute, hour, 2 * hour],
};

/** By how much a delay may be prolonged, so that retries of one outage do not come back as one wave. */
const jitterShare = 0.1;

/** No answer may put a retry off by more than this: a delivery has to end while its log entries live. */
const longestRetryAfterMs = 24 * hour;

/** What the next delay depends on. */
export interface RetryCircumstances {
  readonly policy: RetryPolicy;
  /** Number of the attempt that failed, from 1. */
  readonly failedAttempt: number;
  /** 0 to 1, drawn by the caller. */
  readonly jitter: number;
  /** What the endpoint asked for in `Retry-After`, in milliseconds. */
  readonly retryAfterMs: number | null;
  /** Divides the delay. */
  readonly timeScale: number;
}

/**
 * Milliseconds until the next attempt, or undefined when there is none. Never earlier than the schedule says and
 * never earlier than the endpoint asked for, within bounds.
 */
export function nextDelayMs(circumstances: RetryCircumstances): number | undefined {
  const { policy, failedAttempt, jitter, retryAfterMs, timeScale } = circumstances;
  const scheduled = policy.delaysMs[failedAttempt];
  if (scheduled === undefined) return undefined;
  const asked = Math.min(Math.max(retryAfterMs ?? 0, 0), longestRetryAfterMs);
  return Math.round(Math.max(scheduled * (1 + jitterShare * jitter), asked) / timeScale);
}

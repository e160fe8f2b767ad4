import type { GenerationRetry } from '@headrace/contracts';

/** A provider that wants to be left alone for longer is passed over for the next one, in milliseconds. */
export const longestRetryAfterMs = 60_000;

/** Share of a wait that chance decides, so that those who failed together do not all come back together. */
const spread = 0.2;

/** One failure, and what it takes to decide whether its target is tried again. */
export interface FailureOfTarget {
  /** Left out: each target is tried once. */
  readonly retry: GenerationRetry | undefined;
  /** Whether the same call may succeed later. */
  readonly retryable: boolean;
  /** How long the provider asked to wait, in milliseconds; null: it did not say. */
  readonly retryAfterMs: number | null;
  /** Tries of the target so far that brought no answer, this one included. */
  readonly tries: number;
  /** From 0 to 1. */
  readonly random: number;
}

/** How long to wait before the same target is tried again, in milliseconds; null: it is not. */
export function retryWaitMs({ retry, retryable, retryAfterMs, tries, random }: FailureOfTarget): number | null {
  if (!retry || !retryable || tries >= retry.attempts) return null;
  if (retryAfterMs !== null) {
    // Never earlier than asked for.
    return retryAfterMs > longestRetryAfterMs ? null : retryAfterMs * (1 + spread * random);
  }
  return Math.min(retry.initialMs * retry.factor ** (tries - 1), retry.maxMs) * (1 - spread * random);
}

import type { DeliveryAttempt } from '@headrace/contracts';
import { retryAfterMsOf } from '@headrace/domain';
import type { WebhookAnswer } from '@headrace/webhook-sender';

/** What one HTTP try came to, and what it means for the tries after it. */
export interface AttemptOutcome {
  readonly attempt: DeliveryAttempt;
  readonly retryAfterMs: number | null;
  /** Why no further attempt makes sense; null when one does. */
  readonly finalReason: string | null;
  /** Whether the endpoint said that it wants nothing more, ever (410 Gone). */
  readonly isGone: boolean;
  /** Whether the endpoint, or what stands before it, said that it has too much to do (429, 502, 503 and 504). */
  readonly isOverloaded: boolean;
}

/** Statuses that ask for fewer requests; any other failure says nothing about how many the endpoint can take. */
const overloadedStatuses: ReadonlySet<number> = new Set([429, 502, 503, 504]);

/** What an answer, or the lack of one, means for the tries after it. */
export function outcomeOf({ attempt, isAnswered, retryAfter }: WebhookAnswer): AttemptOutcome {
  const status = isAnswered ? attempt.httpStatus : null;
  const isGone = status === 410;
  return {
    attempt,
    retryAfterMs: retryAfterMsOf(retryAfter, Date.parse(attempt.startedAt) + attempt.durationMs),
    finalReason: isGone ? 'The endpoint answered 410 Gone: it wants no more webhooks and was switched off.' : null,
    isGone,
    isOverloaded: status !== null && overloadedStatuses.has(status),
  };
}

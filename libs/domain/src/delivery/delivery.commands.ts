import type { DataOf, DeliveryAttempt, deliveryPlanned } from '@headrace/contracts';
import type { RetryPolicy } from './retry-schedule.js';

/** What can be asked of a delivery. Instants are ISO 8601 text; time and chance come from the caller. */
export type DeliveryCommand =
  /** A payload is to be sent to an endpoint. */
  | { readonly type: 'plan'; readonly planned: DataOf<typeof deliveryPlanned> }
  /** One HTTP try ended, well (`attempt.error` null) or badly. */
  | {
      readonly type: 'recordAttempt';
      readonly attempt: DeliveryAttempt;
      /** What the endpoint asked for in `Retry-After`, in milliseconds. */
      readonly retryAfterMs: number | null;
      /** Why no further attempt makes sense (the endpoint said 410 Gone); null when one does. */
      readonly finalReason: string | null;
      readonly policy: RetryPolicy;
      /** 0 to 1. */
      readonly jitter: number;
      readonly timeScale: number;
      /** When the attempt ended; the next delay counts from here. */
      readonly at: string;
    }
  /** No attempt can be made: the endpoint was removed, switched off, … */
  | { readonly type: 'giveUp'; readonly reason: string };

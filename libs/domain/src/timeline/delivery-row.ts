import type { DeliveryAttempt, DeliveryEvent } from '@headrace/contracts';
import { neverReached } from '../decider.js';
import type { DeliveryEntry } from './timeline-entry.js';

/** One delivery as a row of the read model. A later event's row replaces an earlier one's. */
export interface DeliverySummary {
  readonly id: string;
  readonly endpointId: string;
  readonly url: string;
  readonly type: string;
  readonly status: DeliveryEntry['status'];
  /** Attempts made so far; null when the event does not tell, and then a later row must keep what was known. */
  readonly attempts: number | null;
  readonly httpStatus: number | null;
  readonly error: string | null;
  /** The error for machines. */
  readonly errorCode: string | null;
  readonly nextAttemptAt: string | null;
  /** Only the first event carries it; a later row must keep it. */
  readonly plannedAt: string | null;
  readonly endedAt: string | null;
  /** Only the first event carries it; a later row must keep it. */
  readonly replayOf: string | null;
}

/** The row after an event that was appended at `time`. */
export function deliverySummaryOf(event: DeliveryEvent, time: string): DeliverySummary {
  const { deliveryId: id, endpointId, url, webhookType: type } = event.data;
  return { id, endpointId, url, type, ...progressOf(event, time) };
}

function progressOf(event: DeliveryEvent, time: string): Omit<DeliverySummary, 'id' | 'endpointId' | 'url' | 'type'> {
  const open = { nextAttemptAt: null, plannedAt: null, endedAt: null, replayOf: null };
  switch (event.type) {
    case 'delivery.planned': {
      const { plannedAt, replayOf = null } = event.data;
      return { ...open, status: 'planned', ...outcomeOf(null), plannedAt, replayOf };
    }
    case 'delivery.attempted': {
      const { attempt, nextAttemptAt } = event.data;
      return { ...open, status: 'delivering', ...outcomeOf(attempt), nextAttemptAt };
    }
    case 'delivery.succeeded':
      return { ...open, status: 'success', ...outcomeOf(event.data.attempt), endedAt: time };
    case 'delivery.dead-lettered': {
      const { attempt, reason } = event.data;
      const outcome = attempt?.error ? outcomeOf(attempt) : { ...outcomeOf(attempt), ...givenUp(reason) };
      return { ...open, status: 'error', ...outcome, endedAt: time };
    }
    default:
      return neverReached(event);
  }
}

/** No attempt failed, and none was made: the endpoint is gone, for example. */
const givenUp = (reason: string) => ({ error: reason, errorCode: 'dead_lettered' });

function outcomeOf(
  attempt: DeliveryAttempt | null,
): Pick<DeliverySummary, 'attempts' | 'httpStatus' | 'error' | 'errorCode'> {
  return {
    attempts: attempt?.number ?? null,
    httpStatus: attempt?.httpStatus ?? null,
    error: attempt?.error?.message ?? null,
    errorCode: attempt?.error?.code ?? null,
  };
}

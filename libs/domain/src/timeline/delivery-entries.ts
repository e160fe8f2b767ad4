import type { DeliveryAttempt, DeliveryEvent } from '@headrace/contracts';
import { neverReached } from '../decider.js';
import type { DeliveryAttemptEntry, DeliveryEntry } from './timeline-entry.js';
import { ofType, type KnownEvent, type KnownEventOf } from './timeline-event.js';

const colors = { planned: 'gray', delivering: 'blue', success: 'green', error: 'red' } as const;

/** One entry for each delivery, in the order in which they were planned. */
export function deliveryEntries(events: readonly KnownEvent[]): DeliveryEntry[] {
  const entries = new Map<string, DeliveryEntry>();
  const deliveries = ofType(
    events,
    'delivery.planned',
    'delivery.attempted',
    'delivery.succeeded',
    'delivery.dead-lettered',
  );
  for (const event of deliveries) {
    const { deliveryId } = event.data;
    entries.set(deliveryId, after(event, entries.get(deliveryId) ?? untouched(event)));
  }
  return [...entries.values()];
}

/** A delivery before its first event. */
function untouched({ data, time }: KnownEventOf<DeliveryEvent['type']>): DeliveryEntry {
  return {
    kind: 'delivery',
    status: 'planned',
    color: colors.planned,
    at: time,
    duration_ms: null,
    delivery_id: data.deliveryId,
    endpoint_id: data.endpointId,
    type: data.webhookType,
    url: data.url,
    http_status: null,
    error: null,
    next_attempt_at: null,
    request_body: null,
    attempts: [],
    replay_of: null,
  };
}

function after(event: KnownEventOf<DeliveryEvent['type']>, entry: DeliveryEntry): DeliveryEntry {
  switch (event.type) {
    case 'delivery.planned':
      return {
        ...entry,
        at: event.data.plannedAt,
        request_body: event.data.body,
        replay_of: event.data.replayOf ?? null,
      };
    case 'delivery.attempted':
      return { ...tried(entry, event.data.attempt, 'delivering'), next_attempt_at: event.data.nextAttemptAt };
    case 'delivery.succeeded':
      return tried(entry, event.data.attempt, 'success');
    case 'delivery.dead-lettered': {
      const ended = event.data.attempt
        ? tried(entry, event.data.attempt, 'error')
        : ({ ...entry, status: 'error', color: colors.error, next_attempt_at: null } as const);
      return { ...ended, error: ended.error ?? { code: 'dead_lettered', message: event.data.reason } };
    }
    default:
      return neverReached(event);
  }
}

function tried(entry: DeliveryEntry, attempt: DeliveryAttempt, status: DeliveryEntry['status']): DeliveryEntry {
  return {
    ...entry,
    status,
    color: colors[status],
    duration_ms: attempt.durationMs,
    http_status: attempt.httpStatus,
    error: attempt.error,
    next_attempt_at: null,
    attempts: [...entry.attempts, attemptEntry(attempt)],
  };
}

function attemptEntry(attempt: DeliveryAttempt): DeliveryAttemptEntry {
  return {
    number: attempt.number,
    at: attempt.startedAt,
    duration_ms: attempt.durationMs,
    http_status: attempt.httpStatus,
    error: attempt.error,
    response_body: attempt.responseBody,
  };
}

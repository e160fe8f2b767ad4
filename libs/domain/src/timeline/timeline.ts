import { callbackEntries } from './callback-entries.js';
import { deliveryEntries } from './delivery-entries.js';
import { failoverEntries } from './failover-entries.js';
import { requestEntry } from './request-entries.js';
import { realtimeEntries } from './realtime-entries.js';
import { reminderEntries } from './reminder-entries.js';
import { roundsOf, type Round } from './rounds.js';
import type { TimelineEntry } from './timeline-entry.js';
import { knownEvents, type TimelineEvent } from './timeline-event.js';

/**
 * All that happened to one request, for people: failover attempts, the request itself, deliveries, reminders,
 * callbacks, realtime pushes, each by time (CONTRACT section 6); round by round where callbacks asked for another answer.
 * Takes the events of one channel in any order.
 */
export function timelineOf(events: readonly TimelineEvent[]): TimelineEntry[] {
  return roundsOf(knownEvents(events)).flatMap(entriesOfRound);
}

function entriesOfRound({ events, next }: Round): TimelineEntry[] {
  const request = requestEntry(events);
  return [
    ...failoverEntries(events),
    ...(request ? [request] : []),
    ...deliveryEntries(events),
    ...reminderEntries(events),
    ...callbackEntries(events, next),
    ...realtimeEntries(events),
  ];
}

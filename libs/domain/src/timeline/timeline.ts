import { callbackEntries } from './callback-entries.js';
import { deliveryEntries } from './delivery-entries.js';
import { failoverEntries, requestEntry } from './request-entries.js';
import { realtimeEntries } from './realtime-entries.js';
import type { TimelineEntry } from './timeline-entry.js';
import { knownEvents, type TimelineEvent } from './timeline-event.js';

/**
 * All that happened to one request, for people: failover attempts, the request itself, deliveries, callbacks,
 * realtime pushes, each by time (CONTRACT section 6). Takes the events of one channel in any order.
 */
export function timelineOf(events: readonly TimelineEvent[]): TimelineEntry[] {
  const known = knownEvents(events);
  const request = requestEntry(known);
  return [
    ...failoverEntries(known),
    ...(request ? [request] : []),
    ...deliveryEntries(known),
    ...callbackEntries(known),
    ...realtimeEntries(known),
  ];
}

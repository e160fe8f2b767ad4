import type { RealtimeEntry } from './timeline-entry.js';
import { ofType, type KnownEvent } from './timeline-event.js';

/** When a client began to watch, and what watching sockets were told. */
export function realtimeEntries(events: readonly KnownEvent[]): RealtimeEntry[] {
  return ofType(events, 'realtime.joined', 'realtime.pushed').map((event) => ({
    kind: 'realtime',
    color: event.type === 'realtime.pushed' && event.data.status === 'error' ? 'red' : 'green',
    duration_ms: null,
    ...(event.type === 'realtime.joined'
      ? { status: 'joined', at: event.data.joinedAt, sockets: null }
      : { status: event.data.status, at: event.data.pushedAt, sockets: event.data.sockets }),
  }));
}

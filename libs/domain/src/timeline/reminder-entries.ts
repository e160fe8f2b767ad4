import type { ReminderEntry } from './timeline-entry.js';
import { ofType, type KnownEvent } from './timeline-event.js';

/** When a backend was reminded of its callback. */
export function reminderEntries(events: readonly KnownEvent[]): ReminderEntry[] {
  return ofType(events, 'callback.reminded').map(({ data }) => ({
    kind: 'reminder',
    status: 'sent',
    color: 'amber',
    at: data.remindedAt,
    duration_ms: null,
    number: data.number,
    deadline: data.callbackDeadline,
  }));
}

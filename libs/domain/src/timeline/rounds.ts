import type { KnownEvent, KnownEventOf } from './timeline-event.js';

/** The events of one round of a request: from its acceptance or continuation to before the next continuation. */
export interface Round {
  readonly events: readonly KnownEvent[];
  /** How it ended, when the request went on. */
  readonly next: KnownEventOf<'request.continued'> | undefined;
}

/**
 * A request's events by its rounds, of which most requests have one. Takes them in log order. A delivery is told in
 * the round in which it was planned, however long its attempts go on.
 */
export function roundsOf(events: readonly KnownEvent[]): Round[] {
  const rounds: { events: KnownEvent[]; next: KnownEventOf<'request.continued'> | undefined }[] = [];
  let current = { events: [] as KnownEvent[], next: undefined as KnownEventOf<'request.continued'> | undefined };
  rounds.push(current);
  const homes = new Map<string, KnownEvent[]>();
  for (const event of events) {
    if (event.type === 'request.continued') {
      current.next = event;
      current = { events: [], next: undefined };
      rounds.push(current);
    }
    homeOf(event, homes, current.events).push(event);
  }
  return rounds;
}

function homeOf(event: KnownEvent, homes: Map<string, KnownEvent[]>, current: KnownEvent[]): KnownEvent[] {
  if (!('deliveryId' in event.data) || event.type === 'lane.queued') return current;
  const known = homes.get(event.data.deliveryId);
  if (known) return known;
  homes.set(event.data.deliveryId, current);
  return current;
}

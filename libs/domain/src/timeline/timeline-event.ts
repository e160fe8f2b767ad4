import { definitionOf, type AnyEvent } from '@headrace/contracts';

/** An event with its place in the log, as far as a timeline needs it. */
export interface TimelineEvent {
  readonly type: string;
  readonly data: unknown;
  readonly sequence: number;
  /** When it was appended, ISO 8601. */
  readonly time: string;
}

/** An event of the catalogue with its place in the log. */
export type KnownEvent = AnyEvent & Pick<TimelineEvent, 'sequence' | 'time'>;

/** Events of one type of the catalogue. */
export type KnownEventOf<Type extends AnyEvent['type']> = Extract<KnownEvent, { type: Type }>;

/** Whether the catalogue knows an event. A newer version of the system may have written others: they are passed over. */
export const isKnown = (event: TimelineEvent): boolean => definitionOf(event.type) !== undefined;

/** The events that the catalogue knows, in log order. */
export function knownEvents(events: readonly TimelineEvent[]): KnownEvent[] {
  const known = events.filter(isKnown) as KnownEvent[];
  return known.sort((one, other) => one.sequence - other.sequence);
}

/** The events of the given types. */
export function ofType<Type extends AnyEvent['type']>(
  events: readonly KnownEvent[],
  ...types: readonly Type[]
): KnownEventOf<Type>[] {
  const wanted: ReadonlySet<string> = new Set(types);
  return events.filter((event): event is KnownEventOf<Type> => wanted.has(event.type));
}

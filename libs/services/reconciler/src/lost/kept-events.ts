import { definitionOf, type DataOf, type EventDefinition, type RequestEvent } from '@headrace/contracts';
import type { StoredEvent } from '@headrace/read-model';

const decisions: ReadonlySet<string> = new Set<RequestEvent['type']>([
  'request.accepted',
  'request.generated',
  'request.continued',
  'request.completed',
  'request.failed',
]);

/** A kept event that this version can still read, with the place it had in the log. */
export type KeptEvent<Event> = Event & { readonly sequence: number };

/** A request's last decision among what the read model kept of its channel. */
export function lastDecision(events: readonly StoredEvent[]): KeptEvent<RequestEvent> | undefined {
  const last = events.findLast(({ type }) => decisions.has(type));
  // An earlier one instead would undo what others have seen already.
  return last && isReadable(last) ? (last as KeptEvent<RequestEvent>) : undefined;
}

/** The last event of one type of a delivery. */
export function eventOfDelivery<Definition extends EventDefinition>(
  events: readonly StoredEvent[],
  { type, violations }: Definition,
  deliveryId: string,
): { readonly type: Definition['type']; readonly data: DataOf<Definition>; readonly sequence: number } | undefined {
  const found = events.findLast((event) => event.type === type && deliveryIdOf(event) === deliveryId);
  if (!found || violations(found.data).length > 0) return undefined;
  return { type, data: found.data as DataOf<Definition>, sequence: found.sequence };
}

const isReadable = ({ type, data }: StoredEvent): boolean => definitionOf(type)?.violations(data).length === 0;

const deliveryIdOf = ({ data }: StoredEvent): unknown => (data as { deliveryId?: unknown } | null)?.deliveryId;

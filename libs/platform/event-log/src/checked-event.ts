import { definitionOf, eventSubject, type AggregateAddress, type EventDefinition } from '@headrace/contracts';
import { InvalidEvent } from './errors.js';

/** An event that may be appended, with the place it belongs to. */
export interface CheckedEvent {
  readonly definition: EventDefinition;
  readonly subject: string;
}

/**
 * Checks an event against the catalogue before it is appended; every adapter calls this.
 * Throws `InvalidEvent` when the catalogue does not know it, its data does not fit, or it belongs to another aggregate.
 */
export function checkedEvent(
  address: AggregateAddress,
  event: { readonly type: string; readonly data: unknown },
): CheckedEvent {
  const definition = definitionOf(event.type);
  if (!definition) throw refused(event.type, 'is not in the catalogue of events');
  if (definition.aggregate !== address.aggregate) throw refused(event.type, `is no event of a ${address.aggregate}`);
  if (definition.keyed !== (address.key !== undefined)) {
    throw refused(event.type, definition.keyed ? 'needs an address with a key' : 'has an address without a key');
  }
  const violations = definition.violations(event.data);
  if (violations.length > 0) throw new InvalidEvent(event.type, violations);
  return { definition, subject: eventSubject(address, definition.fact) };
}

function refused(type: string, message: string): InvalidEvent {
  return new InvalidEvent(type, [{ path: '/type', message }]);
}

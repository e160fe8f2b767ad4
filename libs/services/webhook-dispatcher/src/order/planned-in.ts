import { deliveryPlanned } from '@headrace/contracts';
import type { Recorded, RecordedOf } from '@headrace/event-log';

/** The event that holds the bytes to send; undefined when the log no longer has it. */
export function plannedIn([first]: readonly Recorded[]): RecordedOf<typeof deliveryPlanned> | undefined {
  return first && isPlanned(first) ? first : undefined;
}

const isPlanned = (event: Recorded): event is RecordedOf<typeof deliveryPlanned> => event.type === deliveryPlanned.type;

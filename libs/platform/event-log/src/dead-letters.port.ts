import type { DataOf, deliveryDeadLettered, deliveryPlanned } from '@headrace/contracts';
import type { RecordedOf } from './event-log.port.js';

/** Where deliveries go that no endpoint took. */
export interface DeliveryDeadLetters {
  /** Keeps a delivery's payload and end; keeping the same one twice is a no-op. */
  keep(planned: RecordedOf<typeof deliveryPlanned>, end: DataOf<typeof deliveryDeadLettered>): Promise<void>;
}

/** Injection token of the process's delivery dead letters. */
export const DELIVERY_DEAD_LETTERS = Symbol('DeliveryDeadLetters');

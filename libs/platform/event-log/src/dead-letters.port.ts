import type { DataOf, deliveryDeadLettered, deliveryPlanned } from '@headrace/contracts';
import type { RecordedOf } from './event-log.port.js';

/** Where deliveries go that no endpoint took. */
export interface DeliveryDeadLetters {
  /** Keeps a delivery's payload and end; keeping the same one twice is a no-op. */
  keep(planned: RecordedOf<typeof deliveryPlanned>, end: DataOf<typeof deliveryDeadLettered>): Promise<void>;
}

/** Injection token of the process's delivery dead letters. */
export const DELIVERY_DEAD_LETTERS = Symbol('DeliveryDeadLetters');

/** The server's notice that one consumer will never get one message again. */
export interface GivenUpMessage {
  readonly stream: string;
  readonly consumer: string;
  /** Place of the message in its stream. */
  readonly sequence: number;
  /** How often it was delivered. */
  readonly deliveries: number;
  /** Why, for people. */
  readonly reason: string;
}

/** Where messages go that our own handlers gave up. */
export interface PipelineDeadLetters {
  /** Copies the message with its headers to the dead-letter queue; twice is a no-op, so is one that is gone. */
  keep(givenUp: GivenUpMessage): Promise<void>;
}

/** Injection token of the process's pipeline dead letters. */
export const PIPELINE_DEAD_LETTERS = Symbol('PipelineDeadLetters');

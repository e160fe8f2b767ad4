import type { DataOf, deliveryDeadLettered, deliveryPlanned } from '@headrace/contracts';
import type { Cause, RecordedOf } from './event-log.port.js';

/** Where deliveries go that no endpoint took. */
export interface DeliveryDeadLetters {
  /** Keeps a delivery's payload and end; keeping the same one twice is a no-op. */
  keep(planned: RecordedOf<typeof deliveryPlanned>, end: DataOf<typeof deliveryDeadLettered>): Promise<void>;
}

/** Injection token of the process's delivery dead letters. */
export const DELIVERY_DEAD_LETTERS = Symbol('DeliveryDeadLetters');

/** Which delivery's dead letter. */
export interface DeliveryDeadLetterAddress {
  readonly project: string;
  readonly channel: string;
  readonly endpointId: string;
  readonly deliveryId: string;
}

/** A kept delivery: what was to be sent, and how it ended. */
export interface KeptDelivery {
  readonly planned: DataOf<typeof deliveryPlanned>;
  readonly end: DataOf<typeof deliveryDeadLettered>;
  /** For what follows from the letter: the `delivery.planned` that it was kept for, in the request's trace. */
  readonly cause: Cause;
}

/** Where kept deliveries are read again. */
export interface DeliveryDeadLetterReader {
  /** A kept delivery; undefined when it never was one, not yet, or longer ago than letters are kept. */
  find(address: DeliveryDeadLetterAddress): Promise<KeptDelivery | undefined>;
}

/** Injection token of the process's reader of delivery dead letters. */
export const DELIVERY_DEAD_LETTER_READER = Symbol('DeliveryDeadLetterReader');

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

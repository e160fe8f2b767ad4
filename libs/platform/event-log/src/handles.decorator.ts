import type { ConsumerDefinition, EventDefinition, TimerDefinition } from '@headrace/contracts';
import type { GivenUpMessage } from './dead-letters.port.js';
import type { Recorded, RecordedOf } from './event-log.port.js';
import type { FiredTimer } from './timers.port.js';

/** One delivery of a message to a handler. */
export interface Delivery {
  /** From 1; more than 1 means that an earlier delivery did not end well or its process died. */
  readonly count: number;
  /** Whether a failure now makes the message a dead letter. */
  readonly isLast: boolean;
  /** Aborted when the process shuts down. The message is delivered again elsewhere. */
  readonly signal: AbortSignal;
}

/** How a decorated method is found and fed. */
export type HandlerMetadata =
  | { readonly kind: 'event'; readonly consumer: ConsumerDefinition; readonly definitions: readonly EventDefinition[] }
  | { readonly kind: 'timer'; readonly consumer: ConsumerDefinition; readonly definition: TimerDefinition }
  | { readonly kind: 'batch'; readonly consumer: ConsumerDefinition }
  | { readonly kind: 'givenUp'; readonly consumer: ConsumerDefinition };

const key = Symbol('headrace:handler');

/** `Actual` lets a method take fewer parameters than it is given. */
type MethodDecorator<Method> = <Actual extends Method>(
  target: object,
  name: string | symbol,
  descriptor: TypedPropertyDescriptor<Actual>,
) => void;

function mark<Method extends object>(metadata: HandlerMetadata): MethodDecorator<Method> {
  return (_target, _name, descriptor) => {
    if (descriptor.value) Object.defineProperty(descriptor.value, key, { value: metadata });
  };
}

/**
 * Marks a method as the handler of events that `consumer` reads. The message is acknowledged when the method
 * resolves, given up when it throws `PermanentFailure`, and delivered again later when it throws anything else.
 */
export function Handles<Definitions extends readonly EventDefinition[]>(
  consumer: ConsumerDefinition,
  ...definitions: Definitions
): MethodDecorator<(event: RecordedOf<Definitions[number]>, delivery: Delivery) => Promise<void>> {
  return mark({ kind: 'event', consumer, definitions });
}

/** Marks a method as the handler of fired timers of one kind. Settled as with `Handles`. */
export function HandlesTimer<Definition extends TimerDefinition>(
  consumer: ConsumerDefinition,
  definition: Definition,
): MethodDecorator<(timer: FiredTimer<Definition>, delivery: Delivery) => Promise<void>> {
  return mark({ kind: 'timer', consumer, definition });
}

/**
 * Marks a method that takes a consumer's events in batches, in log order: all of a batch is acknowledged when
 * it resolves, all of it is delivered again when it throws. After `PermanentFailure` its events are handled one
 * by one, so that only those that cannot be mended are given up. Batches never overlap in one process.
 */
export function HandlesBatch(
  consumer: ConsumerDefinition,
): MethodDecorator<(events: readonly Recorded[], signal: AbortSignal) => Promise<void>> {
  return mark({ kind: 'batch', consumer });
}

/** Marks a method as the handler of the server's notices of messages given up. Settled as with `Handles`. */
export function HandlesGivenUp(
  consumer: ConsumerDefinition,
): MethodDecorator<(givenUp: GivenUpMessage, delivery: Delivery) => Promise<void>> {
  return mark({ kind: 'givenUp', consumer });
}

/** The metadata of a decorated method, or undefined. */
export function handlerMetadataOf(method: unknown): HandlerMetadata | undefined {
  if (typeof method !== 'function') return undefined;
  return (method as unknown as Record<symbol, HandlerMetadata | undefined>)[key];
}

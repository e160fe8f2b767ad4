import type { ConsumerDefinition } from '@headrace/contracts';
import { handlerMetadataOf, type HandlerMetadata } from '@headrace/event-log';
import { JetStreamSetupError } from '../jetstream-setup.error.js';

/** A decorated method, bound to its instance. */
export interface FoundHandler {
  /** `Class.method`, for errors. */
  readonly name: string;
  readonly metadata: HandlerMetadata;
  readonly call: (...values: readonly unknown[]) => Promise<void>;
}

/** A consumer with all handlers that this process has for it. */
export interface HandledConsumer {
  readonly consumer: ConsumerDefinition;
  readonly handlers: readonly FoundHandler[];
}

/** Lists the decorated methods of an instance. */
export function handlersOf(instance: object, methodNames: readonly string[]): FoundHandler[] {
  return methodNames.flatMap((method) => {
    const candidate = (instance as Record<string, unknown>)[method];
    const metadata = handlerMetadataOf(candidate);
    if (!metadata) return [];
    const call = (candidate as FoundHandler['call']).bind(instance);
    return [{ name: `${instance.constructor.name}.${method}`, metadata, call }];
  });
}

/** Groups handlers by consumer. Throws `JetStreamSetupError` when two of them claim the same messages. */
export function byConsumer(handlers: readonly FoundHandler[]): HandledConsumer[] {
  const groups = Map.groupBy(handlers, ({ metadata }) => metadata.consumer);
  return [...groups].map(([consumer, group]) => {
    for (const [index, one] of group.entries()) {
      const rival = group.slice(index + 1).find((other) => claimSame(one.metadata, other.metadata));
      if (rival) {
        throw new JetStreamSetupError(
          `${one.name} and ${rival.name} claim the same messages of consumer ${consumer.name}: keep one of them, ` +
            'or give each a consumer of its own.',
        );
      }
    }
    return { consumer, handlers: group };
  });
}

function claimSame(one: HandlerMetadata, other: HandlerMetadata): boolean {
  if (one.kind === 'event' && other.kind === 'event') {
    return one.definitions.some(({ type }) => other.definitions.some((definition) => definition.type === type));
  }
  if (one.kind === 'timer' && other.kind === 'timer') return one.definition.kind === other.definition.kind;
  // All other handlers take every message of their consumer.
  return true;
}

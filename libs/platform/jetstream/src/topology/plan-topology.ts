import type { ConsumerConfig, StreamConfig } from '@nats-io/jetstream';
import type { WantedConsumer, WantedStream, WantedTopology } from './wanted-topology.js';

/** Streams and consumers as the server has them; those that are missing are left out. */
export interface ActualTopology {
  readonly streams: ReadonlyMap<string, StreamConfig>;
  /** By `stream/consumer`. */
  readonly consumers: ReadonlyMap<string, ConsumerConfig>;
}

/** One field that is not as it should be. */
export interface FieldChange {
  readonly field: string;
  readonly from: unknown;
  readonly to: unknown;
}

/** One thing to do so that the server has what is wanted. */
export type Difference =
  | { readonly kind: 'createStream'; readonly config: WantedStream }
  | { readonly kind: 'updateStream'; readonly config: StreamConfig; readonly changes: readonly FieldChange[] }
  | { readonly kind: 'createConsumer'; readonly stream: string; readonly config: WantedConsumer }
  | {
      readonly kind: 'updateConsumer';
      readonly stream: string;
      readonly config: ConsumerConfig;
      readonly changes: readonly FieldChange[];
    };

/** Name of a consumer in `ActualTopology`. */
export const consumerKey = (stream: string, consumer: string): string => `${stream}/${consumer}`;

/** What to do, in order: streams before their consumers. Empty when the server has what is wanted. */
export function planTopology(wanted: WantedTopology, actual: ActualTopology): Difference[] {
  const streams = wanted.streams.flatMap((config): Difference[] => {
    const existing = actual.streams.get(config.name);
    if (!existing) return [{ kind: 'createStream', config }];
    const changes = changesOf(config, existing);
    // What we do not decide stays as an operator set it.
    return changes.length === 0 ? [] : [{ kind: 'updateStream', config: { ...existing, ...config }, changes }];
  });
  const consumers = wanted.consumers.flatMap(({ stream, config }): Difference[] => {
    const existing = actual.consumers.get(consumerKey(stream, config.durable_name));
    if (!existing) return [{ kind: 'createConsumer', stream, config }];
    const changes = changesOf(config, existing);
    return changes.length === 0
      ? []
      : [{ kind: 'updateConsumer', stream, config: { ...existing, ...config }, changes }];
  });
  return [...streams, ...consumers];
}

function changesOf(wanted: object, actual: object): FieldChange[] {
  const present = new Map<string, unknown>(Object.entries(actual));
  return Object.entries(wanted)
    .map(([field, to]: [string, unknown]): FieldChange => ({ field, from: present.get(field), to }))
    .filter(({ from, to }) => !isSame(from, to));
}

/** Whether all that `wanted` says is in `actual`; the server adds defaults to objects and leaves empty fields out. */
function isSame(actual: unknown, wanted: unknown): boolean {
  if (Array.isArray(wanted)) {
    const entries = Array.isArray(actual) ? [...(actual as unknown[])].sort() : [];
    return JSON.stringify(entries) === JSON.stringify([...(wanted as unknown[])].sort());
  }
  if (typeof wanted === 'object' && wanted !== null) {
    return typeof actual === 'object' && actual !== null && changesOf(wanted, actual).length === 0;
  }
  return actual === wanted || (actual === undefined && (wanted === 0 || wanted === false));
}

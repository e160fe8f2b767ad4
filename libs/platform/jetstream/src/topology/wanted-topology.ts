import {
  consumers as everyConsumer,
  deadLettersStream,
  streams,
  type ConsumerDefinition,
  type StreamDefinition,
} from '@headrace/contracts';
import {
  AckPolicy,
  DeliverPolicy,
  DiscardPolicy,
  ReplayPolicy,
  RetentionPolicy,
  StorageType,
  type ConsumerConfig,
  type StreamConfig,
} from '@nats-io/jetstream';
import { nanos } from '@nats-io/nats-core';

/** The fields of a stream that we decide; an operator may set others (size limits, placement, compression). */
export type WantedStream = Pick<StreamConfig, 'name' | 'subjects' | 'retention'> & Partial<StreamConfig>;

/** The fields of a consumer that we decide. */
export type WantedConsumer = { readonly durable_name: string } & Partial<ConsumerConfig>;

/** Streams and consumers as the server should have them, in the server's own terms. */
export interface WantedTopology {
  readonly streams: readonly WantedStream[];
  readonly consumers: readonly { readonly stream: string; readonly config: WantedConsumer }[];
}

/**
 * The topology that the contracts describe, with `replicas` copies of each stream. Dead letters are kept for
 * `deadLetterMs`: how long is an operator's choice.
 */
export function wantedTopology(
  replicas: number,
  consumers: readonly ConsumerDefinition[] = everyConsumer,
  deadLetterMs = deadLettersStream.maxAgeMs,
): WantedTopology {
  const kept = { ...deadLettersStream, maxAgeMs: deadLetterMs };
  return {
    streams: streams.map((definition) => wantedStream(definition === deadLettersStream ? kept : definition, replicas)),
    consumers: consumers.map((definition) => ({
      stream: definition.stream.name,
      config: wantedConsumer(definition),
    })),
  };
}

function wantedStream(definition: StreamDefinition, replicas: number): WantedStream {
  const { maxPerSubject, messageLives, republish, schedules } = definition;
  return {
    name: definition.name,
    description: definition.description,
    subjects: [...definition.subjects],
    retention: definition.retention === 'limits' ? RetentionPolicy.Limits : RetentionPolicy.Workqueue,
    storage: StorageType.File,
    discard: DiscardPolicy.Old,
    max_age: nanos(definition.maxAgeMs),
    duplicate_window: nanos(definition.duplicateWindowMs),
    num_replicas: replicas,
    allow_direct: true,
    ...(maxPerSubject === undefined ? {} : { max_msgs_per_subject: maxPerSubject }),
    ...(republish ? { republish: { src: republish.source, dest: republish.destination } } : {}),
    ...(messageLives ? { allow_msg_ttl: true } : {}),
    ...(schedules ? { allow_msg_schedules: true, allow_msg_ttl: true } : {}),
  };
}

function wantedConsumer(definition: ConsumerDefinition): WantedConsumer {
  return {
    durable_name: definition.name,
    description: definition.description,
    filter_subjects: [...definition.filterSubjects],
    ack_policy: AckPolicy.Explicit,
    deliver_policy: DeliverPolicy.All,
    replay_policy: ReplayPolicy.Instant,
    ack_wait: nanos(definition.ackWaitMs),
    max_deliver: definition.maxDeliver,
    max_ack_pending: definition.maxAckPending,
  };
}

import { requestAccepted, type ConsumerDefinition } from '@headrace/contracts';
import { Handles, type Delivery, type RecordedOf } from '@headrace/event-log';
import { waitFor } from '@headrace/testing';
import { jetstreamManager } from '@nats-io/jetstream';
import type { TestJetStream } from './open-jetstream.js';
import { Queue } from './queue.js';

type Accepted = RecordedOf<typeof requestAccepted>;

/** What a test's handler does with an event, after it was told of. */
export type Behaviour = (event: Accepted, delivery: Delivery) => Promise<void> | void;

/** A handler of accepted requests that does what a test says, and tells of each delivery before. */
export function aHandler(consumer: ConsumerDefinition, behave: Behaviour = () => undefined) {
  const deliveries = new Queue<{ event: Accepted; delivery: Delivery }>();
  class Handler {
    @Handles(consumer, requestAccepted)
    async handle(event: Accepted, delivery: Delivery): Promise<void> {
      deliveries.put({ event, delivery });
      await behave(event, delivery);
    }
  }
  return { handler: new Handler(), deliveries };
}

/** Resolves when the server has an answer for every message of a consumer. */
export async function settled({ jetStream }: TestJetStream, { name, stream }: ConsumerDefinition): Promise<void> {
  const manager = await jetstreamManager(jetStream.connection.client);
  await waitFor(
    async () => {
      const info = await manager.consumers.info(stream.name, name);
      return info.num_pending === 0 && info.num_ack_pending === 0;
    },
    { what: `${name} is settled` },
  );
}

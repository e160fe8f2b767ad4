import { JetStreamApiError, type JetStreamManager } from '@nats-io/jetstream';
import type { Difference } from './plan-topology.js';
import { topologyFailure } from './topology-failure.js';
import type { WantedStream } from './wanted-topology.js';

/** JetStream's error code of a stream that exists with another configuration. */
const streamNameInUse = 10058;

/**
 * Carries out a plan. Safe to repeat, and to run in several processes at once: creating what exists with the same
 * configuration is no error. Throws `JetStreamSetupError` that names the first difference the server refused.
 */
export async function applyTopology(manager: JetStreamManager, plan: readonly Difference[]): Promise<void> {
  for (const difference of plan) {
    try {
      await apply(manager, difference);
    } catch (error) {
      throw topologyFailure(difference, error);
    }
  }
}

async function apply({ streams, consumers }: JetStreamManager, difference: Difference): Promise<unknown> {
  switch (difference.kind) {
    case 'createStream':
      return createStream(streams, difference.config);
    case 'updateStream':
      return streams.update(difference.config.name, difference.config);
    case 'createConsumer':
      return consumers.add(difference.stream, difference.config);
    case 'updateConsumer':
      return consumers.update(difference.stream, difference.config.durable_name ?? '', difference.config);
  }
}

/**
 * A new stream begins where no earlier one of its name can have come to: at the clock's microseconds, which no stream
 * outruns below a million messages a second. So when a store was lost, nothing that still knows places of the old
 * stream (a revision in a handler's hands, an acknowledgement on its way, a row of the read model) takes a message of
 * the new one for what it knew.
 */
async function createStream(streams: JetStreamManager['streams'], config: WantedStream): Promise<void> {
  try {
    await streams.add({ ...config, first_seq: Date.now() * 1_000 });
  } catch (error) {
    // Another process made it in the meantime, a microsecond from ours.
    if (!(error instanceof JetStreamApiError && error.code === streamNameInUse)) throw error;
  }
}

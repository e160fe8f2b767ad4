import type { JetStreamManager } from '@nats-io/jetstream';
import type { Difference } from './plan-topology.js';
import { topologyFailure } from './topology-failure.js';

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
      return streams.add(difference.config);
    case 'updateStream':
      return streams.update(difference.config.name, difference.config);
    case 'createConsumer':
      return consumers.add(difference.stream, difference.config);
    case 'updateConsumer':
      return consumers.update(difference.stream, difference.config.durable_name ?? '', difference.config);
  }
}

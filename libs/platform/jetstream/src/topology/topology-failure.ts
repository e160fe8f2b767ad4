import { JetStreamApiError } from '@nats-io/jetstream';
import { JetStreamSetupError } from '../jetstream-setup.error.js';
import { messageOf } from '../logger.js';
import { describeDifference } from './describe-difference.js';
import type { Difference } from './plan-topology.js';

/** JetStream's error codes that we know what to do about. */
const advice: Readonly<Record<number, string>> = {
  10005: 'Set HEADRACE_NATS_REPLICAS to at most the number of servers in the cluster.',
  10023: 'Give JetStream more storage (max_file_store of the server, or the limits of the account).',
  10025: 'The stream’s configuration has a field that this server does not take: upgrade nats-server.',
  10028: 'Raise the storage limit of the account, or free some.',
  10047: 'Give JetStream more storage (max_file_store of the server), or free some disk.',
  10065: 'Another stream has these subjects: remove it, or give Headrace a NATS account of its own.',
  10074: 'Set HEADRACE_NATS_REPLICAS to 1, or run NATS as a cluster of at least that many servers.',
  10100: 'The work queue has another consumer of these subjects: remove it with `nats consumer rm`.',
};

/** A failed difference as an error with a sentence that says what to do. */
export function topologyFailure(difference: Difference, cause: unknown): JetStreamSetupError {
  const what = describeDifference(difference);
  const code = cause instanceof JetStreamApiError ? cause.code : undefined;
  const known = code === undefined ? undefined : advice[code];
  return new JetStreamSetupError(`NATS refused "${what}": ${messageOf(cause)}. ${known ?? generalAdvice(difference)}`, {
    cause,
  });
}

function generalAdvice(difference: Difference): string {
  switch (difference.kind) {
    case 'createStream':
    case 'createConsumer':
      return 'Check that the NATS user may use $JS.API.> and that JetStream has room.';
    case 'updateStream':
      return `If this cannot be changed in place, save what is in it and remove it with \`nats stream rm ${difference.config.name}\`; it is made again at the next start.`;
    case 'updateConsumer':
      return `If this cannot be changed in place, remove it with \`nats consumer rm ${difference.stream} ${difference.config.durable_name}\`; it is made again at the next start and reads from the beginning.`;
  }
}

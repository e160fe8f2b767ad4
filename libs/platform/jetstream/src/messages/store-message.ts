import { EventLogUnavailable } from '@headrace/event-log';
import type { MsgHdrs } from '@nats-io/nats-core';
import type { NatsConnection } from '../connection/nats-connection.js';

/** JetStream's answer to a published message. */
interface Acknowledgement {
  readonly seq: number;
  readonly error?: { readonly code: number; readonly err_code: number; readonly description: string };
}

/** JetStream's error codes that mean that another writer was first (the second: on another server of a cluster). */
const staleRevision = new Set([10071, 10164]);

/** The message was not stored because its subject is no longer at the expected sequence. */
export class StaleSequence extends Error {
  override readonly name = 'StaleSequence';
}

/** Stores one message; resolves to its sequence. Throws `StaleSequence` or `EventLogUnavailable`. */
export async function storeMessage(
  connection: NatsConnection,
  subject: string,
  payload: Uint8Array,
  headers: MsgHdrs,
): Promise<number> {
  const answer = await connection.request(subject, payload, headers);
  const { seq, error } = answer.json<Acknowledgement>();
  if (error === undefined) return seq;
  if (staleRevision.has(error.err_code)) throw new StaleSequence(error.description);
  throw new EventLogUnavailable(`NATS did not store the message: ${error.description} (${error.err_code}).`);
}

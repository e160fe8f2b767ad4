import { EventLogUnavailable } from '@headrace/event-log';
import type { Msg } from '@nats-io/nats-core';
import type { NatsConnection } from '../connection/nats-connection.js';
import { statusOf } from './message-headers.js';

const notFound = 404;
const endOfBatch = 204;
const batch = 500;
/** Of one batch; the message that reaches it is the last. The server's own limit is how far a client may be behind. */
const max_bytes = 4 * 1024 * 1024;

/** Reads single messages of a stream from any server that holds it, past its leader's queue (direct get). */
export async function readStored(
  connection: NatsConnection,
  stream: string,
  which:
    | { readonly last_by_subj: string }
    | { readonly seq: number }
    | { readonly next_by_subj: string; readonly seq: number },
): Promise<Msg | undefined> {
  const answer = await connection.request(directGet(stream), JSON.stringify(which));
  const code = statusOf(answer);
  if (code === 0) return answer;
  if (code === notFound) return undefined;
  throw refused(answer);
}

/** Reads all messages of a stream that match a filter, oldest first. */
export async function readAllStored(connection: NatsConnection, stream: string, filter: string): Promise<Msg[]> {
  const read: Msg[] = [];
  for (let seq = 1; ;) {
    const query = JSON.stringify({ batch, max_bytes, seq, next_by_subj: filter });
    const answers = await connection.requestMany(directGet(stream), query);
    const end = answers.pop();
    read.push(...answers);
    const code = end === undefined ? 0 : statusOf(end);
    if (code === notFound) return read;
    if (end === undefined || code !== endOfBatch) throw refused(end);
    if (Number(end.headers?.get('Nats-Num-Pending')) === 0) return read;
    seq = Number(end.headers?.get('Nats-Last-Sequence')) + 1;
  }
}

const directGet = (stream: string): string => `$JS.API.DIRECT.GET.${stream}`;

function refused(answer: Msg | undefined): EventLogUnavailable {
  return new EventLogUnavailable(`NATS did not answer a read: ${answer?.headers?.status ?? 'no status'}.`);
}

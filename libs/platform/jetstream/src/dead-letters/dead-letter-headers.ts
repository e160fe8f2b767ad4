import { messageHeaders as names } from '@headrace/contracts';
import { headers, type MsgHdrs } from '@nats-io/nats-core';
import { headerValue } from '../messages/envelope.js';

/** Where a dead letter stood and why it is one. */
export interface DeadLetterOrigin {
  readonly reason: string;
  readonly stream: string;
  readonly sequence: number;
  readonly consumer: string;
  readonly subject: string;
}

/** The server's own headers (`Nats-…`) are orders, such as an expected revision, and hold only for the original. */
const serverPrefix = 'Nats-';

/** The original's headers with those of a dead letter. */
export function deadLetterHeaders(original: MsgHdrs | undefined, origin: DeadLetterOrigin): MsgHdrs {
  const made = headers();
  for (const [name, values] of original ?? []) {
    if (!name.startsWith(serverPrefix)) for (const value of values) made.append(name, value);
  }
  made.set(names.deadLetterReason, headerValue(origin.reason));
  made.set(names.deadLetterStream, origin.stream);
  made.set(names.deadLetterSequence, String(origin.sequence));
  made.set(names.deadLetterConsumer, origin.consumer);
  made.set(names.deadLetterSubject, origin.subject);
  return made;
}

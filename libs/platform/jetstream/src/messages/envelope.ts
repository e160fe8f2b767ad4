import { randomUUID } from 'node:crypto';
import { eventSource, messageHeaders as names } from '@headrace/contracts';
import type { MsgHdrs } from '@nats-io/nats-core';
import { NewHeaders, visitHeaders, type WithHeaders } from './message-headers.js';

/** What the headers of a message say about it. */
export interface Envelope {
  readonly id: string;
  readonly type: string;
  readonly time: string;
  readonly traceParent: string;
  readonly causationId: string | null;
  /** Original subject and sequence, where the server tells them in headers (direct reads, republished messages). */
  readonly storedSubject: string;
  readonly storedSequence: number;
}

/** Headers of the server about a stored message. */
const serverHeaders = { subject: 'Nats-Subject', sequence: 'Nats-Sequence' } as const;

/** Makes the headers of a new message, with a new id and the time of now. */
export function envelopeHeaders(message: {
  readonly type: string;
  /** What the message is about: the aggregate's address in the system. */
  readonly subject: string;
  readonly channel: string;
  readonly traceParent: string;
  readonly causationId: string | undefined;
}): MsgHdrs {
  const made = new NewHeaders();
  made.set(names.specVersion, '1.0');
  made.set(names.id, randomUUID());
  made.set(names.type, message.type);
  made.set(names.source, eventSource);
  made.set(names.subject, message.subject);
  made.set(names.time, new Date().toISOString());
  made.set(names.correlationId, message.channel);
  if (message.causationId !== undefined) made.set(names.causationId, message.causationId);
  made.set(names.traceParent, message.traceParent);
  return made;
}

/** Reads the headers of a message in one pass; what is missing is empty. */
export function readEnvelope(message: WithHeaders): Envelope {
  const envelope = {
    id: '',
    type: '',
    time: '',
    traceParent: '',
    causationId: null as string | null,
    storedSubject: '',
    storedSequence: 0,
  };
  visitHeaders(message, (name, value) => {
    switch (name) {
      case names.id:
        envelope.id = value;
        break;
      case names.type:
        envelope.type = value;
        break;
      case names.time:
        envelope.time = value;
        break;
      case names.traceParent:
        envelope.traceParent = value;
        break;
      case names.causationId:
        envelope.causationId = value;
        break;
      case serverHeaders.subject:
        envelope.storedSubject = value;
        break;
      case serverHeaders.sequence:
        envelope.storedSequence = Number(value);
        break;
      default:
    }
  });
  return envelope;
}

/** A text as a header value: one line, not longer than `limit` characters. */
export function headerValue(text: string, limit = 500): string {
  // Headers are lines; control characters in an error's message must not end one.
  return text
    .replace(/[\u0000-\u001f\u007f]+/g, ' ')
    .trim()
    .slice(0, limit);
}

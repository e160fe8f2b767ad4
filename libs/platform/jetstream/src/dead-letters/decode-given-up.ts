import { UndecodableMessage, type GivenUpMessage } from '@headrace/event-log';
import { parseJson } from '../messages/decode-event.js';

/** What we read of the server's advisories `max_deliver` and `terminated`. */
interface Advisory {
  readonly stream: string;
  readonly consumer: string;
  readonly stream_seq: number;
  readonly deliveries: number;
  readonly reason?: string;
}

/** Reads an advisory of the server. Throws `UndecodableMessage`. */
export function decodeGivenUp(body: Uint8Array): GivenUpMessage {
  const advisory = parseJson(body, 'advisory');
  if (!isAdvisory(advisory)) throw new UndecodableMessage('advisory does not name a stream, a consumer and a message');
  const { stream, consumer, stream_seq: sequence, deliveries } = advisory;
  // Without a reason nobody answered: after an answer of ours there is one.
  const reason = advisory.reason ?? `delivery ${deliveries}, the last, was never settled: its process died or hung`;
  return { stream, consumer, sequence, deliveries, reason };
}

function isAdvisory(value: unknown): value is Advisory {
  const { stream, consumer, stream_seq, deliveries } = (value ?? {}) as Partial<Record<keyof Advisory, unknown>>;
  return (
    typeof stream === 'string' &&
    typeof consumer === 'string' &&
    typeof stream_seq === 'number' &&
    typeof deliveries === 'number'
  );
}

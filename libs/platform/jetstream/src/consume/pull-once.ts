import { createInbox, type Msg } from '@nats-io/nats-core';
import type { NatsConnection } from '../connection/nats-connection.js';
import { statusOf } from '../messages/message-headers.js';
import type { HeldMessage } from './in-flight.js';

/** Longest silence of a server that has said neither a message nor that there are no more. */
const silenceMs = 2_000;

/** A message that was pulled; exactly one of `ack` and `nak` settles it. */
export interface PulledMessage extends HeldMessage {
  /** Its delivery, from 1. */
  readonly deliveryCount: number;
  readonly data: Uint8Array;
  ack(): void;
}

/** The consumer does not answer: it is gone, or the connection is. */
export class NothingPulled extends Error {
  override readonly name = 'NothingPulled';
}

/** Pulls what a consumer has right now, up to `atMost` messages, without waiting for more. */
export function pullOnce(
  { client }: NatsConnection,
  stream: string,
  consumer: string,
  atMost: number,
): Promise<PulledMessage[]> {
  return new Promise((resolve, reject) => {
    const pulled: PulledMessage[] = [];
    const inbox = createInbox();
    const end = (failure?: string): void => {
      clearTimeout(silence);
      subscription.unsubscribe();
      if (failure === undefined || pulled.length > 0) resolve(pulled);
      else reject(new NothingPulled(failure));
    };
    const subscription = client.subscribe(inbox, {
      callback: (error, message) => {
        if (error) return end(error.message);
        const status = statusOf(message);
        if (status === 503) return end(`There is no consumer ${consumer}.`);
        // No (more) messages, or a limit of the server's: nothing follows.
        if (status !== 0) return end();
        pulled.push(pulledMessage(message));
        if (pulled.length === atMost) return end();
        silence.refresh();
      },
    });
    // Behind what throws when the connection is closed.
    const silence = setTimeout(() => end(`The consumer ${consumer} did not answer.`), silenceMs);
    const ask = JSON.stringify({ batch: atMost, no_wait: true });
    client.publish(`$JS.API.CONSUMER.MSG.NEXT.${stream}.${consumer}`, ask, { reply: inbox });
  });
}

/** The place of a message in its stream and its delivery are in the subject that it is settled on. */
function pulledMessage(message: Msg): PulledMessage {
  const tokens = message.reply?.split('.') ?? [];
  // $JS.ACK.{domain}.{account}.{stream}.{consumer}.{delivery}.{sequence}.…; older servers leave out the first two.
  const first = tokens.length === 9 ? 4 : 6;
  const say = (what: string): void => void message.respond(what);
  return {
    deliveryCount: Number(tokens[first]),
    seq: Number(tokens[first + 1]),
    data: message.data,
    ack: () => say('+ACK'),
    working: () => say('+WPI'),
    nak: (millis) => say(millis === undefined ? '-NAK' : `-NAK ${JSON.stringify({ delay: millis * 1_000_000 })}`),
  };
}

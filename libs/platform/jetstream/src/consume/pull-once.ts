import { createInbox } from '@nats-io/nats-core';
import type { NatsConnection } from '../connection/nats-connection.js';
import { statusOf } from '../messages/message-headers.js';
import { ConsumedMessage } from './consumed-message.js';

/** Longest silence of a server that has said neither a message nor that there are no more. */
const silenceMs = 2_000;

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
): Promise<ConsumedMessage[]> {
  return new Promise((resolve, reject) => {
    const pulled: ConsumedMessage[] = [];
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
        pulled.push(new ConsumedMessage(message));
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

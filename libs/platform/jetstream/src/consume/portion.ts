import { createInbox, nanos, type Msg, type NatsConnection as Client } from '@nats-io/nats-core';
import { statusOf } from '../messages/message-headers.js';
import { ConsumedMessage } from './consumed-message.js';

const expiresMs = 10_000;
/** Later than that nothing comes of what was asked for: the server has forgotten it. */
const forgottenMs = expiresMs + 2_000;

/** From whom messages are asked for, how many and how large, and who takes them. */
export interface PortionTerms {
  readonly stream: string;
  readonly consumer: string;
  readonly messages: number;
  /** Of all messages together, with their headers and subjects. */
  readonly bytes: number;
  readonly onMessage: (message: ConsumedMessage) => void;
  /** Nothing comes any more. */
  readonly onFailure: (error: Error) => void;
}

/**
 * Asks a consumer for a portion of messages, and for the next one as soon as that has come. What is on its way is
 * limited in number and in size, because the server closes the connection, and everything else that goes over it with
 * it, when more waits to be sent than it will hold (64 MB, if nothing else is set).
 */
export class Portion {
  private readonly inbox = createInbox();
  private readonly subject: string;
  private left = 0;
  private askedAt = 0;
  private readonly subscription;

  constructor(
    private readonly client: Client,
    private readonly terms: PortionTerms,
  ) {
    this.subject = `$JS.API.CONSUMER.MSG.NEXT.${terms.stream}.${terms.consumer}`;
    this.subscription = client.subscribe(this.inbox, {
      callback: (error, message) => (error ? terms.onFailure(error) : this.take(message)),
    });
  }

  /** Asks for so many messages, the usual number when left out. */
  ask(messages = this.terms.messages): void {
    this.left = messages;
    this.askedAt = performance.now();
    const wanted = { batch: messages, max_bytes: this.terms.bytes, expires: nanos(expiresMs) };
    this.client.publish(this.subject, JSON.stringify(wanted), { reply: this.inbox });
  }

  /** Asks again when the server must have forgotten what it was asked for, as it does when its leader changes. */
  askAgainIfForgotten(): void {
    if (performance.now() - this.askedAt > forgottenMs) this.ask();
  }

  /** What comes from now on is not taken; the server delivers it again, to whoever asks. */
  close(): void {
    this.subscription.unsubscribe();
  }

  private take(message: Msg): void {
    const status = statusOf(message);
    if (status !== 0) return this.end(status, message.headers?.description ?? '');
    this.left -= 1;
    if (this.left === 0) this.ask();
    this.terms.onMessage(new ConsumedMessage(message));
  }

  private end(status: number, description: string): void {
    switch (`${status} ${description}`) {
      // It was of the portion before this one: all its messages have come, and it had room for more bytes.
      case '409 Batch Completed':
        return;
      case '404 No Messages':
      case '408 Request Timeout':
      case '409 Message Size Exceeds MaxBytes':
        return this.ask();
      default:
        this.terms.onFailure(new Error(`The server says ${status} ${description}`.trimEnd()));
    }
  }
}

import type { ConsumerDefinition } from '@headrace/contracts';
import type { Delivery } from '@headrace/event-log';
import { messageOf } from '../logger.js';
import type { ConsumedMessage } from './consumed-message.js';
import { settleFailure, type SettlementContext } from './give-up.js';
import { InFlight } from './in-flight.js';
import { MessageSource, type MessageSourceContext } from './message-source.js';
import { isLastDelivery } from './settlement.js';

/** Handles one message; resolves at once when nothing is interested in it. */
export type MessageHandler = (message: ConsumedMessage, delivery: Delivery) => Promise<void>;

/** A consumer at work in this process. */
export interface Loop {
  start(): void;
  /** Stops pulling, waits for handlers up to `limitMs`, and gives the rest back. */
  stop(limitMs: number): Promise<void>;
}

/** Handles a consumer's messages side by side; how many at most is the consumer's `maxAckPending`. */
export class MessageLoop implements Loop {
  private readonly source: MessageSource;
  private readonly inFlight: InFlight;
  private readonly ending = new AbortController();

  constructor(
    private readonly consumer: ConsumerDefinition,
    private readonly handler: MessageHandler,
    private readonly context: MessageSourceContext & SettlementContext,
  ) {
    this.source = new MessageSource(consumer, (message) => void this.handle(message), context);
    this.inFlight = new InFlight(consumer.ackWaitMs);
  }

  start(): void {
    this.source.start();
  }

  async stop(limitMs: number): Promise<void> {
    await this.source.stop();
    await this.inFlight.idle(Math.min(limitMs, this.consumer.stopLimitMs ?? limitMs));
    this.ending.abort();
    this.inFlight.giveBack();
  }

  private async handle(message: ConsumedMessage): Promise<void> {
    if (!this.inFlight.add(message)) return;
    try {
      await this.run(message);
    } catch (error) {
      // Nothing could be told to the server, so it delivers the message again.
      const { name } = this.consumer;
      this.context.logger.warn({ consumer: name, error: messageOf(error) }, 'Message could not be settled');
    } finally {
      this.inFlight.delete(message);
    }
  }

  private async run(message: ConsumedMessage): Promise<void> {
    const { deliveryCount: count } = message;
    const { signal } = this.ending;
    try {
      await this.handler(message, { count, isLast: isLastDelivery(count, this.consumer), signal });
    } catch (error) {
      // Given back already: whatever the handler says now is about its own interruption.
      if (!signal.aborted) await settleFailure(message, error, this.consumer, this.context);
      return;
    }
    message.ack();
  }
}

import type { ConsumerDefinition } from '@headrace/contracts';
import { PermanentFailure, type Recorded } from '@headrace/event-log';
import { messageOf } from '../logger.js';
import { decodeEvent } from '../messages/decode-event.js';
import { readEnvelope } from '../messages/envelope.js';
import type { ConsumedMessage } from './consumed-message.js';
import { settleFailure, type SettlementContext } from './give-up.js';
import { InFlight } from './in-flight.js';
import type { Loop } from './message-loop.js';
import { MessageSource, type MessageSourceContext } from './message-source.js';
import { settlementOf } from './settlement.js';

/**
 * How long the first message of a batch waits for others, in milliseconds. Who wants to read without this delay reads
 * the log; a fuller batch costs a fraction of the work per event.
 */
const collectMs = 100;

/** Handles many events at once. */
export type BatchHandler = (events: readonly Recorded[], signal: AbortSignal) => Promise<void>;

interface Decoded {
  readonly message: ConsumedMessage;
  readonly event: Recorded;
}

/** Handles a consumer's messages in batches, one batch at a time, in log order within each. */
export class BatchLoop implements Loop {
  private readonly source: MessageSource;
  private readonly inFlight: InFlight;
  private readonly ending = new AbortController();
  private waiting: ConsumedMessage[] = [];
  private timer: NodeJS.Timeout | undefined;
  private busy = false;

  constructor(
    private readonly consumer: ConsumerDefinition,
    private readonly handler: BatchHandler,
    private readonly context: MessageSourceContext & SettlementContext,
  ) {
    this.source = new MessageSource(consumer, (message) => this.collect(message), context);
    this.inFlight = new InFlight(consumer.ackWaitMs);
  }

  start(): void {
    this.source.start();
  }

  async stop(limitMs: number): Promise<void> {
    await this.source.stop();
    clearTimeout(this.timer);
    // What no batch has begun with is quicker elsewhere than here.
    for (const message of this.waiting.splice(0)) {
      message.nak();
      this.inFlight.delete(message);
    }
    await this.inFlight.idle(limitMs);
    this.ending.abort();
    this.inFlight.giveBack();
  }

  private collect(message: ConsumedMessage): void {
    if (!this.inFlight.add(message)) return;
    this.waiting.push(message);
    this.schedule();
  }

  private schedule(): void {
    if (this.busy || this.waiting.length === 0) return;
    if (this.waiting.length >= this.consumer.batch) void this.flush();
    else this.timer ??= setTimeout(() => void this.flush(), collectMs);
  }

  private async flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.busy = true;
    const batch = this.waiting.splice(0, this.consumer.batch);
    try {
      await this.handle(batch);
    } catch (error) {
      const { name } = this.consumer;
      this.context.logger.warn({ consumer: name, error: messageOf(error) }, 'Batch could not be settled');
    } finally {
      for (const message of batch) this.inFlight.delete(message);
      this.busy = false;
      this.schedule();
    }
  }

  private async handle(batch: readonly ConsumedMessage[]): Promise<void> {
    const decoded = await this.decode(batch);
    if (decoded.length === 0) return;
    try {
      await this.handler(
        decoded.map(({ event }) => event),
        this.ending.signal,
      );
    } catch (error) {
      if (this.ending.signal.aborted) return;
      // One event that can never be handled must not hold up the others for ever.
      if (error instanceof PermanentFailure && decoded.length > 1) await this.handleOneByOne(decoded);
      else await this.settleFailures(decoded, error);
      return;
    }
    for (const { message } of decoded) message.ack();
  }

  private async handleOneByOne(decoded: readonly Decoded[]): Promise<void> {
    for (const one of decoded) {
      try {
        await this.handler([one.event], this.ending.signal);
        one.message.ack();
      } catch (error) {
        if (this.ending.signal.aborted) return;
        await this.settleFailures([one], error);
      }
    }
  }

  /** As for single messages, but with one line for all that are delivered again. */
  private async settleFailures(decoded: readonly Decoded[], error: unknown): Promise<void> {
    let again = 0;
    for (const { message } of decoded) {
      const settlement = settlementOf(error, message.deliveryCount, this.consumer);
      if (settlement.kind === 'nak') {
        message.nak(settlement.delayMs);
        again += 1;
      } else {
        await settleFailure(message, error, this.consumer, this.context);
      }
    }
    if (again === 0) return;
    const line = { consumer: this.consumer.name, messages: again, error: messageOf(error) };
    this.context.logger.warn(line, 'Batch failed; its messages are delivered again');
  }

  /** Events in log order; what cannot be decoded is given up. */
  private async decode(batch: readonly ConsumedMessage[]): Promise<Decoded[]> {
    const decoded: Decoded[] = [];
    for (const message of batch) {
      try {
        const event = decodeEvent(readEnvelope(message), message.subject, message.seq, message.data);
        decoded.push({ message, event });
      } catch (error) {
        await settleFailure(message, error, this.consumer, this.context);
      }
    }
    return decoded.sort((one, other) => one.event.sequence - other.event.sequence);
  }
}

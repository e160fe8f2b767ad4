import { parseWaitingSubject, waitingStream, waitingSubject } from '@headrace/contracts';
import {
  EventLogUnavailable,
  type TakenRequest,
  type WaitingLine,
  type WaitingLines,
  type WaitingRequest,
} from '@headrace/event-log';
import { AckPolicy, jetstreamManager } from '@nats-io/jetstream';
import { nanos } from '@nats-io/nats-core';
import type { NatsConnection } from './connection/nats-connection.js';
import type { ConsumedMessage } from './consume/consumed-message.js';
import { InFlight } from './consume/in-flight.js';
import { pullOnce } from './consume/pull-once.js';
import { messageOf } from './logger.js';
import { NewHeaders } from './messages/message-headers.js';
import { storeMessage } from './messages/store-message.js';

const ackWaitMs = 5_000;
/** Lines come and go; the consumer of one that nobody reads any more goes with it. The requests stay. */
const consumerRestMs = 10 * 60_000;
/** Sooner than that, so that no consumer that is relied on is gone. */
const lookAgainMs = consumerRestMs / 3;

/**
 * Waiting lines as subjects of one work-queue stream, each with a consumer of its own while it is read. What is true is
 * in the stream: a consumer that is gone is made again and finds everything that was not acknowledged.
 */
export class JetStreamWaitingLines implements WaitingLines {
  private readonly inFlight = new InFlight(ackWaitMs);
  /** When the consumer of a line was last seen, by its name. */
  private readonly seen = new Map<string, number>();

  constructor(private readonly connection: NatsConnection) {
    connection.onReconnect(() => this.seen.clear());
  }

  async join(line: WaitingLine, { channel, revision }: WaitingRequest): Promise<void> {
    const made = new NewHeaders();
    made.set('Nats-Msg-Id', `${channel}:${revision}`);
    const body = Buffer.from(JSON.stringify({ channel, revision }));
    await storeMessage(this.connection, subjectOf(line), body, made);
  }

  async list() {
    try {
      const manager = await jetstreamManager(this.connection.client, { checkAPI: false });
      const { state } = await manager.streams.info(waitingStream.name, { subjects_filter: '>' });
      return Object.entries(state.subjects ?? {}).flatMap(([subject, length]) => {
        const parsed = parseWaitingSubject(subject);
        return parsed
          ? [{ line: { project: parsed.project, name: parsed.line, priority: parsed.priority }, length }]
          : [];
      });
    } catch (error) {
      throw new EventLogUnavailable(`NATS did not tell who waits: ${messageOf(error)}.`, { cause: error });
    }
  }

  async take(line: WaitingLine, atMost: number): Promise<TakenRequest[]> {
    await this.ensureConsumer(line);
    try {
      const messages = await pullOnce(this.connection, waitingStream.name, consumerOf(line), atMost);
      return messages.flatMap((message) => this.taken(message) ?? []);
    } catch (error) {
      this.seen.delete(consumerOf(line));
      throw new EventLogUnavailable(messageOf(error), { cause: error });
    }
  }

  giveAllBack(): void {
    this.inFlight.giveBack();
  }

  private taken(message: ConsumedMessage): TakenRequest | undefined {
    // An earlier delivery of it is still being worked on here, and its end settles both.
    if (!this.inFlight.add(message)) return undefined;
    const { channel, revision } = JSON.parse(new TextDecoder().decode(message.data)) as WaitingRequest;
    const settle = (say: () => void): void => {
      this.inFlight.delete(message);
      say();
    };
    return {
      channel,
      revision,
      count: message.deliveryCount,
      done: () => settle(() => message.ack()),
      giveBack: (delayMs) => settle(() => message.nak(delayMs)),
    };
  }

  private async ensureConsumer(line: WaitingLine): Promise<void> {
    const name = consumerOf(line);
    const seenAt = this.seen.get(name);
    const now = performance.now();
    if (seenAt !== undefined && now - seenAt < lookAgainMs) return;
    try {
      const manager = await jetstreamManager(this.connection.client, { checkAPI: false });
      await manager.consumers.add(waitingStream.name, {
        durable_name: name,
        filter_subject: subjectOf(line),
        ack_policy: AckPolicy.Explicit,
        ack_wait: nanos(ackWaitMs),
        max_deliver: -1,
        max_ack_pending: -1,
        inactive_threshold: nanos(consumerRestMs),
      });
    } catch (error) {
      throw new EventLogUnavailable(`NATS has no line to read: ${messageOf(error)}.`, { cause: error });
    }
    if (this.seen.size > 10_000) this.seen.clear();
    this.seen.set(name, now);
  }
}

const subjectOf = ({ project, name, priority }: WaitingLine): string => waitingSubject(project, name, priority);
const consumerOf = ({ project, name, priority }: WaitingLine): string => `ai-runner_${project}_${name}_${priority}`;

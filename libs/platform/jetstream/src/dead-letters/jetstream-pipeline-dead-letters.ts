import { pipelineDeadLetterSubject, streams, type ConsumerDefinition } from '@headrace/contracts';
import { EventLogUnavailable, type GivenUpMessage, type PipelineDeadLetters } from '@headrace/event-log';
import type { MsgHdrs } from '@nats-io/nats-core';
import type { NatsConnection } from '../connection/nats-connection.js';
import type { ConsumedMessage } from '../consume/consumed-message.js';
import type { Logger } from '../logger.js';
import { readEnvelope } from '../messages/envelope.js';
import { readStored } from '../messages/read-stored.js';
import { storeMessage } from '../messages/store-message.js';
import { deadLetterHeaders, type DeadLetterOrigin } from './dead-letter-headers.js';

/** JetStream's error code of a message that is gone already. */
const noMessageFound = 10037;

/** Keeps what our own handlers gave up in the stream DLQ, under `dlq.pipeline.…`. */
export class JetStreamPipelineDeadLetters implements PipelineDeadLetters {
  constructor(
    private readonly connection: NatsConnection,
    private readonly logger: Logger,
  ) {}

  async keep({ stream, consumer, sequence, reason }: GivenUpMessage): Promise<void> {
    const definition = streams.find(({ name }) => name === stream);
    // The account may hold streams of others, whose advisories are captured as well.
    if (!definition) return;
    const original = await readStored(this.connection, stream, { seq: sequence });
    if (!original) {
      // A work queue's message was copied before its termination; others are gone only when their time was over.
      if (definition.retention === 'limits') {
        this.logger.error({ stream, consumer, sequence, reason }, 'Dead letter lost: the stream no longer has it');
      }
      return;
    }
    const subject = readEnvelope(original).storedSubject;
    await this.store({ reason, stream, sequence, consumer, subject }, original.data, original.headers);
    // Given up, a message stays in a work queue until somebody removes it.
    if (definition.retention === 'workqueue') await this.remove(stream, sequence);
  }

  /** Keeps a message that is about to be terminated; for work queues, which forget it then. */
  async copy(message: ConsumedMessage, consumer: ConsumerDefinition, reason: string): Promise<void> {
    const { subject, seq: sequence } = message;
    const origin = { reason, stream: consumer.stream.name, sequence, consumer: consumer.name, subject };
    await this.store(origin, message.data, message.headers);
  }

  private async store(origin: DeadLetterOrigin, body: Uint8Array, original: MsgHdrs | undefined): Promise<void> {
    const { stream, consumer, sequence } = origin;
    const headers = deadLetterHeaders(original, origin);
    // An advisory may be handled twice, and may follow a copy made before the termination.
    headers.set('Nats-Msg-Id', `${stream}.${consumer}.${sequence}`);
    await storeMessage(this.connection, pipelineDeadLetterSubject(stream, consumer), body, headers);
  }

  private async remove(stream: string, sequence: number): Promise<void> {
    const command = JSON.stringify({ seq: sequence, no_erase: true });
    const answer = await this.connection.request(`$JS.API.STREAM.MSG.DELETE.${stream}`, command);
    const { error } = answer.json<{ error?: { err_code: number; description: string } }>();
    if (error && error.err_code !== noMessageFound) {
      throw new EventLogUnavailable(`NATS did not remove a dead letter from ${stream}: ${error.description}.`);
    }
  }
}

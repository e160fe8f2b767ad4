import type { ConsumerDefinition } from '@headrace/contracts';
import type { JetStreamPipelineDeadLetters } from '../dead-letters/jetstream-pipeline-dead-letters.js';
import { messageOf, type Logger } from '../logger.js';
import { headerValue } from '../messages/envelope.js';
import type { ConsumedMessage } from './consumed-message.js';
import { delayAfter, settlementOf } from './settlement.js';

/** What settling a failed delivery needs. */
export interface SettlementContext {
  readonly deadLetters: JetStreamPipelineDeadLetters;
  readonly logger: Logger;
}

/** Tells the server what becomes of a delivery that failed, and writes the one line about it. */
export async function settleFailure(
  message: ConsumedMessage,
  error: unknown,
  consumer: ConsumerDefinition,
  { deadLetters, logger }: SettlementContext,
): Promise<void> {
  const count = message.deliveryCount;
  const settlement = settlementOf(error, count, consumer);
  const line = {
    consumer: consumer.name,
    subject: message.subject,
    sequence: message.seq,
    delivery: count,
    error: messageOf(error),
  };
  if (settlement.kind === 'nak') {
    message.nak(settlement.delayMs);
    logger.warn({ ...line, retryInMs: settlement.delayMs }, 'Handler failed; the message is delivered again');
    return;
  }
  try {
    // A work queue forgets a message with its termination, before anybody could copy it.
    if (consumer.stream.retention === 'workqueue') await deadLetters.copy(message, consumer, settlement.reason);
  } catch (copyError) {
    // Better handled once more than lost.
    message.nak(delayAfter(count, consumer));
    logger.warn({ ...line, copyError: messageOf(copyError) }, 'Dead letter could not be kept; the message stays');
    return;
  }
  message.term(headerValue(settlement.reason));
  logger.error(line, 'Message given up; it is in the dead-letter queue');
}

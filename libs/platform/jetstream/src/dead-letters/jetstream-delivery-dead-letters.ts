import {
  deliveryConsumer,
  deliveryDeadLettered,
  deliveryDeadLetterSubject,
  eventsStream,
  eventSubject,
  type DataOf,
  type deliveryPlanned,
} from '@headrace/contracts';
import type { DeliveryDeadLetters, RecordedOf } from '@headrace/event-log';
import { traceParentFor } from '@headrace/telemetry';
import type { NatsConnection } from '../connection/nats-connection.js';
import { envelopeHeaders } from '../messages/envelope.js';
import { StaleSequence, storeMessage } from '../messages/store-message.js';
import { deadLetterHeaders } from './dead-letter-headers.js';

/** Keeps deliveries that no endpoint took in the stream DLQ, under `dlq.delivery.…`; the body is `{planned, end}`. */
export class JetStreamDeliveryDeadLetters implements DeliveryDeadLetters {
  constructor(private readonly connection: NatsConnection) {}

  async keep(planned: RecordedOf<typeof deliveryPlanned>, end: DataOf<typeof deliveryDeadLettered>): Promise<void> {
    const { project, channel } = planned.address;
    const { deliveryId, endpointId } = planned.data;
    const envelope = envelopeHeaders({
      type: deliveryDeadLettered.type,
      subject: `${project}/${channel}/delivery/${deliveryId}`,
      channel,
      traceParent: traceParentFor(planned.traceParent),
      causationId: planned.id,
    });
    const headers = deadLetterHeaders(envelope, {
      reason: end.reason,
      stream: eventsStream.name,
      sequence: planned.sequence,
      consumer: deliveryConsumer.name,
      subject: eventSubject(planned.address, 'planned'),
    });
    // Only if there is none yet: unlike a message id, this is remembered for as long as the letter.
    headers.set('Nats-Expected-Last-Subject-Sequence', '0');
    const subject = deliveryDeadLetterSubject(project, endpointId, channel, deliveryId);
    const body = Buffer.from(JSON.stringify({ planned: planned.data, end }));
    try {
      await storeMessage(this.connection, subject, body, headers);
    } catch (error) {
      if (!(error instanceof StaleSequence)) throw error;
    }
  }
}

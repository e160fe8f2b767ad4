import {
  deadLettersStream,
  deliveryConsumer,
  deliveryDeadLettered,
  deliveryDeadLetterSubject,
  eventsStream,
  eventSubject,
  deliveryPlanned,
  type DataOf,
} from '@headrace/contracts';
import {
  UndecodableMessage,
  type DeliveryDeadLetterAddress,
  type DeliveryDeadLetterReader,
  type DeliveryDeadLetters,
  type KeptDelivery,
  type RecordedOf,
} from '@headrace/event-log';
import { traceParentFor } from '@headrace/telemetry';
import type { NatsConnection } from '../connection/nats-connection.js';
import { parseJson } from '../messages/decode-event.js';
import { envelopeHeaders, readEnvelope } from '../messages/envelope.js';
import { readStored } from '../messages/read-stored.js';
import { StaleSequence, storeMessage } from '../messages/store-message.js';
import { deadLetterHeaders } from './dead-letter-headers.js';

/** Keeps and finds deliveries that no endpoint took in the stream DLQ, under `dlq.delivery.…`; the body is `{planned, end}`. */
export class JetStreamDeliveryDeadLetters implements DeliveryDeadLetters, DeliveryDeadLetterReader {
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

  /** Throws `UndecodableMessage` when what is kept is none of ours. */
  async find({
    project,
    channel,
    endpointId,
    deliveryId,
  }: DeliveryDeadLetterAddress): Promise<KeptDelivery | undefined> {
    const subject = deliveryDeadLetterSubject(project, endpointId, channel, deliveryId);
    const stored = await readStored(this.connection, deadLettersStream.name, { last_by_subj: subject });
    if (!stored) return undefined;
    const { traceParent, causationId } = readEnvelope(stored);
    const { planned, end } = lettersOf(parseJson(stored.data, `dead letter ${deliveryId}`), deliveryId);
    return { planned, end, cause: { id: causationId ?? '', traceParent } };
  }
}

function lettersOf(body: unknown, deliveryId: string): Pick<KeptDelivery, 'planned' | 'end'> {
  const { planned, end } = (body ?? {}) as Partial<Record<'planned' | 'end', unknown>>;
  const violations = [...deliveryPlanned.violations(planned), ...deliveryDeadLettered.violations(end)];
  const [violation] = violations;
  if (violation) {
    throw new UndecodableMessage(`dead letter ${deliveryId} is not valid: ${violation.path} ${violation.message}`);
  }
  return { planned, end } as Pick<KeptDelivery, 'planned' | 'end'>;
}

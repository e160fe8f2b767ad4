import type { deliveryDeadLettered, deliveryPlanned } from '@headrace/contracts';
import type { DeliveryDeadLetterAddress, DeliveryDeadLetterReader, KeptDelivery } from './dead-letters.port.js';
import type { EventLog, RecordedOf } from './event-log.port.js';

/**
 * A dead letter's payload and end; undefined when it is kept no longer.
 *
 * The dead-letter queue keeps a letter from the end of its delivery; in the log the time of the payload begins when
 * it was planned, hours or days before that, so a letter's last days would be without one. The log only stands in
 * while the queue does not have the letter yet: the dispatcher appends the end first and keeps the letter next, after
 * a kill some seconds later.
 */
export async function findKeptDelivery(
  letters: DeliveryDeadLetterReader,
  log: EventLog,
  address: DeliveryDeadLetterAddress,
): Promise<KeptDelivery | undefined> {
  const { project, channel, deliveryId: key } = address;
  const kept = await letters.find(address);
  if (kept) return kept;
  const events = await log.read({ project, channel, aggregate: 'delivery', key });
  const planned = events.find((event): event is RecordedOf<typeof deliveryPlanned> => event.type === plannedType);
  const end = events.find((event): event is RecordedOf<typeof deliveryDeadLettered> => event.type === endType);
  return planned && end && { planned: planned.data, end: end.data, cause: planned };
}

const plannedType = 'delivery.planned';
const endType = 'delivery.dead-lettered';

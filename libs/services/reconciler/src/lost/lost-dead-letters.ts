import { deliveryDeadLettered, deliveryPlanned } from '@headrace/contracts';
import {
  DELIVERY_DEAD_LETTER_READER,
  DELIVERY_DEAD_LETTERS,
  type DeliveryDeadLetterReader,
  type DeliveryDeadLetters,
} from '@headrace/event-log';
import { ReadModel, type DeadLetterRow } from '@headrace/read-model';
import { Inject, Injectable } from '@nestjs/common';
import { eventOfDelivery } from './kept-events.js';

/** Puts dead letters back into a queue that lost them, for as long as their payloads are known. */
@Injectable()
export class LostDeadLetters {
  constructor(
    @Inject(DELIVERY_DEAD_LETTERS) private readonly letters: DeliveryDeadLetters,
    @Inject(DELIVERY_DEAD_LETTER_READER) private readonly reader: DeliveryDeadLetterReader,
    private readonly readModel: ReadModel,
  ) {}

  /** Resolves to whether the letter was lost and is there again. */
  async restore({ project, channel, endpointId, id }: DeadLetterRow): Promise<boolean> {
    if (await this.reader.find({ project, channel, endpointId, deliveryId: id })) return false;
    const events = await this.readModel.timeline(project, channel);
    const planned = eventOfDelivery(events, deliveryPlanned, id);
    const end = eventOfDelivery(events, deliveryDeadLettered, id);
    if (!planned || !end) return false;
    const address = { project, channel, aggregate: 'delivery', key: id };
    const recorded = { ...planned, id: '', address, time: planned.data.plannedAt, traceParent: '', causationId: null };
    await this.letters.keep(recorded, end.data);
    return true;
  }
}

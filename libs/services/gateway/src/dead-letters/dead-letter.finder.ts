import { HeadraceSettings } from '@headrace/config';
import type { deliveryDeadLettered, deliveryPlanned } from '@headrace/contracts';
import {
  DELIVERY_DEAD_LETTER_READER,
  EVENT_LOG,
  type DeliveryDeadLetterReader,
  type EventLog,
  type KeptDelivery,
  type RecordedOf,
} from '@headrace/event-log';
import { ApiError } from '@headrace/http';
import {
  ReadModel,
  type DeadLetterFilter,
  type DeadLetterRow,
  type DeliveryPage,
  type DeliveryPageRequest,
} from '@headrace/read-model';
import { Inject, Injectable } from '@nestjs/common';
import { isDeliveryId } from '../deliveries/delivery-cursor.js';
import { fromReadModel } from '../deliveries/from-read-model.js';

/** A dead letter: what the read model tells of it, and what was kept. */
export interface DeadLetter {
  readonly row: DeadLetterRow;
  readonly kept: KeptDelivery;
}

/**
 * Finds dead letters in the read model and their payloads in the stream DLQ.
 *
 * The read model can be searched and tells the place of a letter by its id alone, but it may be emptied and filled
 * again from a log that no longer has everything. DLQ keeps a letter from the end of its delivery; in
 * EVENTS the 30 days of the payload begin when it was planned, hours or days before that, so a letter's last days
 * would be without one. EVENTS only stands in while DLQ does not have the letter yet: the dispatcher appends the end
 * first and keeps the letter next, after a kill some seconds later.
 */
@Injectable()
export class DeadLetterFinder {
  constructor(
    @Inject(EVENT_LOG) private readonly log: EventLog,
    @Inject(DELIVERY_DEAD_LETTER_READER) private readonly letters: DeliveryDeadLetterReader,
    private readonly readModel: ReadModel,
    private readonly settings: HeadraceSettings,
  ) {}

  /** A page of the dead letters that are still kept, last given up first. Errors: `service_unavailable`. */
  page(
    project: string,
    filter: DeadLetterFilter,
    page: DeliveryPageRequest,
    now = new Date(),
  ): Promise<DeliveryPage<DeadLetterRow>> {
    const oldest = now.getTime() - this.settings.deadLetterMs;
    const since = new Date(Math.max(oldest, filter.since?.getTime() ?? oldest));
    return fromReadModel(() => this.readModel.listDeadLetters(project, { ...filter, since }, page));
  }

  /** A project's dead letter. Errors: `not_found`, `permission_error` for another project's, `service_unavailable`. */
  async one(project: string, id: string): Promise<DeadLetter> {
    const row = isDeliveryId(id) ? await fromReadModel(() => this.readModel.deadLetter(id)) : undefined;
    if (!row) throw unknownLetter();
    if (row.project !== project) {
      throw new ApiError('permission_error', 'The dead letter belongs to another project. Use a key of that project.');
    }
    const { channel, endpointId } = row;
    const kept = await this.letters.find({ project, channel, endpointId, deliveryId: id });
    const found = kept ?? (await this.fromLog(row));
    if (!found) throw unknownLetter();
    return { row, kept: found };
  }

  private async fromLog({ project, channel, id }: DeadLetterRow): Promise<KeptDelivery | undefined> {
    const events = await this.log.read({ project, channel, aggregate: 'delivery', key: id });
    const planned = events.find((event): event is RecordedOf<typeof deliveryPlanned> => event.type === plannedType);
    const end = events.find((event): event is RecordedOf<typeof deliveryDeadLettered> => event.type === endType);
    return planned && end && { planned: planned.data, end: end.data, cause: planned };
  }
}

const plannedType = 'delivery.planned';
const endType = 'delivery.dead-lettered';

const unknownLetter = (): ApiError =>
  new ApiError(
    'not_found',
    'There is no such dead letter. Check the id; they are removed some time after their delivery (`expires_at`).',
  );

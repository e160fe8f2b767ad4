import { HeadraceSettings } from '@headrace/config';
import {
  DELIVERY_DEAD_LETTER_READER,
  EVENT_LOG,
  findKeptDelivery,
  type DeliveryDeadLetterReader,
  type EventLog,
  type KeptDelivery,
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
 * again from a log that no longer has everything.
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
  page(project: string, filter: DeadLetterFilter, page: DeliveryPageRequest): Promise<DeliveryPage<DeadLetterRow>> {
    return fromReadModel(() => this.readModel.listDeadLetters(project, this.stillKept(filter), page));
  }

  /** A filter that finds only what is still kept: rows are removed some minutes later. */
  stillKept(filter: DeadLetterFilter): DeadLetterFilter & { readonly since: Date } {
    const oldest = Date.now() - this.settings.deadLetterMs;
    return { ...filter, since: new Date(Math.max(oldest, filter.since?.getTime() ?? oldest)) };
  }

  /** A project's dead letter. Errors: `not_found`, `permission_error` for another project's, `service_unavailable`. */
  async one(project: string, id: string): Promise<DeadLetter> {
    const row = isDeliveryId(id) ? await fromReadModel(() => this.readModel.deadLetter(id)) : undefined;
    if (!row) throw unknownLetter();
    if (row.project !== project) {
      throw new ApiError('permission_error', 'The dead letter belongs to another project. Use a key of that project.');
    }
    const { channel, endpointId } = row;
    const kept = await findKeptDelivery(this.letters, this.log, { project, channel, endpointId, deliveryId: id });
    if (!kept) throw unknownLetter();
    return { row, kept };
  }
}

const unknownLetter = (): ApiError =>
  new ApiError(
    'not_found',
    'There is no such dead letter. Check the id; they are removed some time after their delivery (`expires_at`).',
  );

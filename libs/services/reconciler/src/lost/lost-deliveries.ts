import {
  deliveryDeadLettered,
  deliveryPlanned,
  deliverySucceeded,
  eventsStream,
  type AggregateAddress,
} from '@headrace/contracts';
import { EVENT_LOG, type EventLog } from '@headrace/event-log';
import { OpenWork, ReadModel, type DeliveryRow, type StoredEvent } from '@headrace/read-model';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { appendIfAbsent } from './append-if-absent.js';
import { eventOfDelivery } from './kept-events.js';

/** What became of something that the log lost; `present`: it had not lost it. */
export type Restoration = 'restored' | 'ended' | 'present';

const lostReason = 'log_lost: the event log lost this delivery, and its payload was not kept.';

/** Puts deliveries back into a log that lost them. */
@Injectable()
export class LostDeliveries {
  private readonly logger = new Logger('reconciler');

  constructor(
    @Inject(EVENT_LOG) private readonly log: EventLog,
    private readonly readModel: ReadModel,
    private readonly openWork: OpenWork,
  ) {}

  /** Puts an open delivery back: planned with the bytes it had, so that its attempts begin anew. */
  async restore(row: DeliveryRow, kept?: readonly StoredEvent[]): Promise<Restoration> {
    const address = addressOf(row);
    if (await this.log.last(address)) return 'present';
    const events = kept ?? (await this.readModel.timeline(row.project, row.channel));
    const planned = eventOfDelivery(events, deliveryPlanned, row.id);
    const tooOld = planned && Date.now() - Date.parse(planned.data.plannedAt) > eventsStream.maxAgeMs;
    if (!planned || tooOld) return this.end(row, address);
    return (await this.put(address, planned)) ? 'restored' : 'present';
  }

  /** Puts the ends of a channel's deliveries back, so that none that was sent is planned again, and the open ones. */
  async restoreChannel(project: string, channel: string, events: readonly StoredEvent[]): Promise<void> {
    for (const row of await this.readModel.deliveries(project, channel)) {
      const end =
        eventOfDelivery(events, deliverySucceeded, row.id) ?? eventOfDelivery(events, deliveryDeadLettered, row.id);
      if (end) await this.put(addressOf(row), end);
      else if (row.endedAt === null) await this.restore(row, events);
    }
  }

  private async end(row: DeliveryRow, address: AggregateAddress): Promise<Restoration> {
    const { id: deliveryId, endpointId, url, type: webhookType } = row;
    const data = { deliveryId, endpointId, url, webhookType, attempt: null, reason: lostReason };
    const at = await appendIfAbsent(this.log, address, { type: deliveryDeadLettered.type, data });
    if (at === undefined) return 'present';
    const { project, channel } = row;
    this.logger.error({ msg: 'A delivery was lost with the log', project, channel, delivery_id: deliveryId });
    return 'ended';
  }

  private async put(
    address: AggregateAddress,
    event: { readonly type: string; readonly data: unknown; readonly sequence: number },
  ): Promise<boolean> {
    const at = await appendIfAbsent(this.log, address, event);
    if (at === undefined) return false;
    await this.openWork.moveEvent(address.project, address.channel, event.sequence, at);
    return true;
  }
}

const addressOf = ({ project, channel, id }: DeliveryRow): AggregateAddress => ({
  project,
  channel,
  aggregate: 'delivery',
  key: id,
});

import { laneAdvanced, laneConsumer, laneQueued } from '@headrace/contracts';
import { deliveryDecider, laneAfter } from '@headrace/domain';
import { EVENT_LOG, Handles, stateAfter, type Delivery, type EventLog, type RecordedOf } from '@headrace/event-log';
import { Inject, Injectable } from '@nestjs/common';
import { DeliveryAttempts } from './attempt/delivery-attempts.js';
import { Lanes } from './order/lanes.js';
import { plannedIn } from './order/planned-in.js';

/** Makes the first attempt of a delivery when it is its turn in its lane. */
@Injectable()
export class DeliverOnTurnHandler {
  constructor(
    @Inject(EVENT_LOG) private readonly log: EventLog,
    private readonly lanes: Lanes,
    private readonly attempts: DeliveryAttempts,
  ) {}

  /** An event gives a turn when its head is another one than before: who queued as its own head, or moved up. */
  @Handles(laneConsumer, laneQueued, laneAdvanced)
  async deliver(event: RecordedOf<typeof laneQueued | typeof laneAdvanced>, { signal }: Delivery): Promise<void> {
    const head = laneAfter(event, event.sequence)?.head;
    if (!head || (event.type === 'lane.queued' && head.place !== event.sequence)) return;
    const { project, channel: endpointId, key: lane = '' } = event.address;
    const { deliveryId, channel } = head;
    const events = await this.log.read({ project, channel, aggregate: 'delivery', key: deliveryId });
    const planned = plannedIn(events);
    const last = events.at(-1);
    // Erased while it waited: its turn is over.
    if (!planned || !last) return this.lanes.leave({ project, endpointId, lane, channel, deliveryId }, event);
    const known = { state: stateAfter(deliveryDecider, last), revision: last.sequence };
    await this.attempts.proceed(planned, known, 1, signal);
  }
}

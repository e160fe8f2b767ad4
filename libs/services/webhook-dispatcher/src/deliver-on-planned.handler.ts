import { deliveryConsumer, deliveryPlanned, isListenerEndpoint } from '@headrace/contracts';
import { deliveryDecider, type DeliveryState } from '@headrace/domain';
import {
  EVENT_LOG,
  Handles,
  stateAfter,
  type Delivery,
  type EventLog,
  type Known,
  type RecordedOf,
} from '@headrace/event-log';
import { Inject, Injectable } from '@nestjs/common';
import { DeliveryAttempts } from './attempt/delivery-attempts.js';
import { ListenerAttempts } from './listen/listener-attempts.js';
import { Lanes, ticketOf, type LaneTicket } from './order/lanes.js';

/** A planner appends at once; only what was lost comes later. */
const putBackAfterMs = 10_000;

/** Makes the first attempt of each planned delivery. */
@Injectable()
export class DeliverOnPlannedHandler {
  constructor(
    @Inject(EVENT_LOG) private readonly log: EventLog,
    private readonly attempts: DeliveryAttempts,
    private readonly listeners: ListenerAttempts,
    private readonly lanes: Lanes,
  ) {}

  @Handles(deliveryConsumer, deliveryPlanned)
  async deliver(planned: RecordedOf<typeof deliveryPlanned>, { count, signal }: Delivery): Promise<void> {
    const ticket = ticketOf(planned.address, planned.data);
    if (ticket) return this.join(ticket, planned, count);
    const attempts = isListenerEndpoint(planned.data.endpointId) ? this.listeners : this.attempts;
    await attempts.proceed(planned, await this.known(planned, count), 1, signal);
  }

  /**
   * Where order is kept, the lane gives the turn. Whoever planned it let it join; a replay joins here, at the end, and
   * so does what was put back into a log that had lost it.
   */
  private async join(ticket: LaneTicket, planned: RecordedOf<typeof deliveryPlanned>, count: number): Promise<void> {
    const isReplay = planned.data.replayOf !== undefined;
    const isPutBack = Date.parse(planned.time) - Date.parse(planned.data.plannedAt) > putBackAfterMs;
    if (isReplay || isPutBack) await this.lanes.join(ticket, planned, isReplay && count === 1);
  }

  /** At the first delivery of the message nothing can have followed it; later ones ask the log. */
  private async known(planned: RecordedOf<typeof deliveryPlanned>, count: number): Promise<Known<DeliveryState>> {
    const last = count > 1 ? await this.log.last(planned.address) : undefined;
    const newest = last ?? planned;
    return { state: stateAfter(deliveryDecider, newest), revision: newest.sequence };
  }
}

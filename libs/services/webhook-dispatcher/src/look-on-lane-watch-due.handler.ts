import { deliveryRetryTimer, laneWatchConsumer, laneWatchTimer, type DeliveryEvent } from '@headrace/contracts';
import { deliveryDecider, nextAttemptOf } from '@headrace/domain';
import {
  EVENT_LOG,
  HandlesTimer,
  stateAfter,
  TIMERS,
  type EventLog,
  type FiredTimer,
  type Recorded,
  type Timers,
} from '@headrace/event-log';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { laneAddress, Lanes } from './order/lanes.js';

const longOverdueMs = 3_600_000;

/**
 * Looks at lanes in which deliveries have waited for long. A head that was erased, or ended without leaving, leaves
 * now; one whose timer was lost with a message that was given up is tried again. A head that merely takes its time,
 * because its endpoint fails or is paused, is left alone.
 */
@Injectable()
export class LookOnLaneWatchDueHandler {
  private readonly logger = new Logger('webhook-dispatcher');

  constructor(
    @Inject(EVENT_LOG) private readonly log: EventLog,
    @Inject(TIMERS) private readonly timers: Timers,
    private readonly lanes: Lanes,
  ) {}

  @HandlesTimer(laneWatchConsumer, laneWatchTimer)
  async look(timer: FiredTimer<typeof laneWatchTimer>): Promise<void> {
    const { project, channel: endpointId, key: lane } = timer.address;
    const address = laneAddress(project, endpointId, lane);
    const before = await this.lanes.stateOf(address);
    if (before && before.head.deliveryId === timer.data.head) {
      await this.unblock({ project, endpointId, lane, ...before.head }, timer);
    }
    const state = await this.lanes.stateOf(address);
    // Whoever joins a head that is alone has the lane looked at again.
    if (!state || state.tail === state.head.place) return;
    const round = state.head.deliveryId === timer.data.head ? timer.data.round + 1 : 0;
    await this.lanes.watch(address, state.head.deliveryId, round, timer);
  }

  private async unblock(ticket: Parameters<Lanes['leave']>[0], timer: FiredTimer): Promise<void> {
    const { project, channel, deliveryId } = ticket;
    const last = await this.log.last({ project, channel, aggregate: 'delivery', key: deliveryId });
    const state = last && stateAfter(deliveryDecider, last);
    const attempt = state && nextAttemptOf(state);
    if (attempt === undefined) {
      this.logger.warn({ msg: 'a lane was held up by a delivery that ended or is gone', delivery_id: deliveryId });
      await this.lanes.leave(ticket, timer);
    } else if (last && Date.now() - dueAt(last) > longOverdueMs) {
      const key = { project, channel, key: deliveryId };
      const data = { deliveryId, attempt, revision: last.sequence };
      await this.timers.schedule(deliveryRetryTimer, key, new Date(), data, timer);
    }
  }
}

/** When the next attempt of a delivery should have been made. */
function dueAt({ type, data, time }: Recorded): number {
  const { nextAttemptAt } = data as Partial<Extract<DeliveryEvent, { type: 'delivery.attempted' }>['data']>;
  return Date.parse(type === 'delivery.attempted' && nextAttemptAt ? nextAttemptAt : time);
}

import { deliveryPlanned, deliveryRetryConsumer, deliveryRetryTimer, isListenerEndpoint } from '@headrace/contracts';
import { deliveryDecider } from '@headrace/domain';
import {
  EVENT_LOG,
  HandlesTimer,
  stateAfter,
  type Delivery,
  type EventLog,
  type FiredTimer,
  type Recorded,
  type RecordedOf,
} from '@headrace/event-log';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { DeliveryAttempts } from './attempt/delivery-attempts.js';
import { ListenerAttempts } from './listen/listener-attempts.js';
import { Lanes } from './order/lanes.js';

/** Makes the later attempts of a delivery, and first ones that were deferred, when their timers fire. */
@Injectable()
export class DeliverOnRetryDueHandler {
  private readonly logger = new Logger('webhook-dispatcher');

  constructor(
    @Inject(EVENT_LOG) private readonly log: EventLog,
    private readonly attempts: DeliveryAttempts,
    private readonly listeners: ListenerAttempts,
    private readonly lanes: Lanes,
  ) {}

  /** Reads the delivery: its first event has the bytes to send, its last one says whether there is anything to do. */
  @HandlesTimer(deliveryRetryConsumer, deliveryRetryTimer)
  async deliver(timer: FiredTimer<typeof deliveryRetryTimer>, { signal }: Delivery): Promise<void> {
    const { project, channel } = timer.address;
    const { deliveryId, attempt } = timer.data;
    const events = await this.log.read({ project, channel, aggregate: 'delivery', key: deliveryId });
    const [planned] = events;
    const last = events.at(-1);
    if (!planned || !last || !isPlanned(planned)) {
      // Erased, or older than the log's retention: there are no bytes left to send.
      this.logger.warn({ msg: 'a retry was due for a delivery that the log no longer has', delivery_id: deliveryId });
      return;
    }
    const known = { state: stateAfter(deliveryDecider, last), revision: last.sequence };
    if (isListenerEndpoint(planned.data.endpointId)) return this.listeners.proceed(planned, known, attempt, signal);
    if (!(await this.lanes.mayProceed(planned, known.state.status === 'planned'))) return;
    await this.attempts.proceed(planned, known, attempt, signal, true);
  }
}

const isPlanned = (event: Recorded): event is RecordedOf<typeof deliveryPlanned> => event.type === deliveryPlanned.type;

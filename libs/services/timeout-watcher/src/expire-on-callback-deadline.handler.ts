import { callbackDeadlineConsumer, callbackDeadlineTimer } from '@headrace/contracts';
import { requestDecider } from '@headrace/domain';
import {
  EVENT_LOG,
  handleCommand,
  HandlesTimer,
  TIMERS,
  type EventLog,
  type FiredTimer,
  type Timers,
} from '@headrace/event-log';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { deadlineTimerOf } from './deadline-timer.js';

/** Fails a request whose callback did not come in time. The decider says whether it still matters. */
@Injectable()
export class ExpireOnCallbackDeadlineHandler {
  private readonly logger = new Logger('timeout-watcher');

  constructor(
    @Inject(EVENT_LOG) private readonly log: EventLog,
    @Inject(TIMERS) private readonly timers: Timers,
  ) {}

  @HandlesTimer(callbackDeadlineConsumer, callbackDeadlineTimer)
  async expire({ id, address, data, traceParent }: FiredTimer<typeof callbackDeadlineTimer>): Promise<void> {
    const { project, channel } = address;
    const cause = { id, traceParent };
    const { event, state } = await handleCommand(
      this.log,
      requestDecider,
      { project, channel, aggregate: 'request' },
      { type: 'expireCallback', at: new Date().toISOString() },
      { cause },
    );
    if (event) {
      this.logger.log({ msg: 'Callback timed out', project, channel });
    } else if (state.status === 'generated') {
      // The server's clock is ahead of ours: without a new timer the request would wait for ever.
      const deadline = new Date(state.callbackDeadline);
      await this.timers.schedule(callbackDeadlineTimer, deadlineTimerOf(address), deadline, data, cause);
    }
  }
}

import {
  callbackDeadlineSetterConsumer,
  callbackDeadlineTimer,
  requestCompleted,
  requestContinued,
  requestFailed,
  requestGenerated,
} from '@headrace/contracts';
import {
  EVENT_LOG,
  Handles,
  TIMERS,
  type Delivery,
  type EventLog,
  type RecordedOf,
  type Timers,
} from '@headrace/event-log';
import { Inject, Injectable } from '@nestjs/common';
import { deadlineTimerOf } from './deadline-timer.js';
import { Reminders } from './reminders.js';

type Generated = RecordedOf<typeof requestGenerated>;
/** What ends the wait. */
type MovedOn = RecordedOf<typeof requestContinued | typeof requestCompleted | typeof requestFailed>;

/** Sets the timers of a callback's deadline and first reminder when the wait begins, and cancels them when the request goes on or has ended. */
@Injectable()
export class WatchDeadlineOnRequestGeneratedHandler {
  constructor(
    @Inject(EVENT_LOG) private readonly log: EventLog,
    @Inject(TIMERS) private readonly timers: Timers,
    private readonly reminders: Reminders,
  ) {}

  @Handles(callbackDeadlineSetterConsumer, requestGenerated, requestContinued, requestCompleted, requestFailed)
  async watch(event: Generated | MovedOn, delivery: Delivery): Promise<void> {
    if (event.type !== 'request.generated') return this.forget(event);
    // Delivered again, it may come after the end of the wait has been handled. A timer left over would decide
    // nothing, but would wait for as long as the window is, which may be days.
    if (delivery.count > 1 && (await this.hasMovedOn(event))) return;
    const { id, traceParent, sequence: revision } = event;
    const deadline = new Date(event.data.callbackDeadline);
    const key = deadlineTimerOf(event.address);
    await this.timers.schedule(callbackDeadlineTimer, key, deadline, { revision }, { id, traceParent });
    await this.reminders.scheduleAfter(0, event);
  }

  private async forget(event: MovedOn): Promise<void> {
    if (!hadTimer(event)) return;
    await this.timers.cancel(callbackDeadlineTimer, deadlineTimerOf(event.address));
    await this.reminders.forget(event);
  }

  private async hasMovedOn({ address, sequence }: Generated): Promise<boolean> {
    const last = await this.log.last(address);
    return last !== undefined && last.sequence > sequence;
  }
}

/** Whether a timer may wait: only for a request that waited for a callback, and not when the timer itself ended it. */
function hadTimer(event: MovedOn): boolean {
  if (event.type === 'request.continued') return true;
  if (event.type === 'request.completed') return event.data.callback !== null;
  const { context, output, code } = event.data;
  return context.eventName !== null && output !== null && code !== 'callback_timeout';
}

import {
  callbackReminded,
  callbackReminderConsumer,
  callbackReminderTimer,
  type requestGenerated,
} from '@headrace/contracts';
import {
  EVENT_LOG,
  HandlesTimer,
  RevisionConflict,
  type EventLog,
  type FiredTimer,
  type Recorded,
  type RecordedOf,
} from '@headrace/event-log';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { Reminders } from './reminders.js';

type Generated = RecordedOf<typeof requestGenerated>;

/** Reminds the backend of a callback that is still awaited, and sets the timer of the next reminder. */
@Injectable()
export class RemindOnReminderDueHandler {
  private readonly logger = new Logger('timeout-watcher');

  constructor(
    @Inject(EVENT_LOG) private readonly log: EventLog,
    private readonly reminders: Reminders,
  ) {}

  /** A timer that fires twice finds its reminder told: the key of the event follows from what it reminds of. */
  @HandlesTimer(callbackReminderConsumer, callbackReminderTimer)
  async remind(timer: FiredTimer<typeof callbackReminderTimer>): Promise<void> {
    const { project, channel } = timer.address;
    const { revision, number } = timer.data;
    const last = await this.log.last({ project, channel, aggregate: 'request' });
    if (!last || !isGenerated(last) || last.sequence !== revision) return;
    const remindedAt = new Date().toISOString();
    if (remindedAt >= last.data.callbackDeadline) return;
    await this.tell(last, timer, remindedAt);
    await this.reminders.scheduleAfter(number, last, timer);
  }

  private async tell(
    { address, data }: Generated,
    timer: FiredTimer<typeof callbackReminderTimer>,
    remindedAt: string,
  ) {
    const { project, channel } = address;
    const { number } = timer.data;
    const { context, generation, output, generatedAt, callbackDeadline } = data;
    const key = `${context.progress?.round ?? 0}-${number}`;
    try {
      await this.log.append(
        { project, channel, aggregate: callbackReminded.aggregate, key },
        {
          type: callbackReminded.type,
          data: { number, context, generation, output, generatedAt, callbackDeadline, remindedAt },
        },
        { expectedRevision: 0, cause: timer },
      );
      this.logger.log({ msg: 'Reminded of a callback', project, channel, number });
    } catch (error) {
      if (!(error instanceof RevisionConflict)) throw error;
    }
  }
}

const isGenerated = (event: Recorded): event is Generated => event.type === 'request.generated';

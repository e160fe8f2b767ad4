import { HeadraceSettings } from '@headrace/config';
import {
  callbackReminderTimer,
  type requestCompleted,
  type requestContinued,
  type requestFailed,
  type requestGenerated,
} from '@headrace/contracts';
import { reminderAfter } from '@headrace/domain';
import { TIMERS, type Cause, type RecordedOf, type TimerKey, type Timers } from '@headrace/event-log';
import { Inject, Injectable } from '@nestjs/common';

type Generated = RecordedOf<typeof requestGenerated>;
type MovedOn = RecordedOf<typeof requestContinued | typeof requestCompleted | typeof requestFailed>;

/** The timers of reminders: a request that waits for its callback has one at a time. */
@Injectable()
export class Reminders {
  constructor(
    @Inject(TIMERS) private readonly timers: Timers,
    private readonly settings: HeadraceSettings,
  ) {}

  /** Sets the timer of the reminder after number `sent`, if one is still to come. */
  async scheduleAfter(sent: number, wait: Generated, cause: Cause = wait): Promise<void> {
    const next = reminderAfter(sent, wait.data, Date.now(), this.settings.timeScale);
    if (!next) return;
    const data = { revision: wait.sequence, number: next.number };
    await this.timers.schedule(callbackReminderTimer, keyOf(wait), new Date(next.at), data, cause);
  }

  /** No reminder comes any more. Costs requests nothing that have none; another stage may not know of those before. */
  async forget(end: MovedOn): Promise<void> {
    const isStage = end.type === 'request.continued' && end.data.reason === 'stage';
    if (end.data.context.reminderMs === undefined && !isStage) return;
    await this.timers.cancel(callbackReminderTimer, keyOf(end));
  }
}

const keyOf = ({ address: { project, channel } }: Generated | MovedOn): TimerKey => ({
  project,
  channel,
  key: 'reminder',
});

import { HeadraceSettings } from '@headrace/config';
import {
  callbackDeadlineSetterConsumer,
  callbackReminderTimer,
  type callbackReminded,
  type requestGenerated,
} from '@headrace/contracts';
import { reminderAfter } from '@headrace/domain';
import {
  EVENT_LOG,
  LOG_INSPECTION,
  TIMERS,
  type EventLog,
  type LogInspection,
  type Recorded,
  type RecordedOf,
  type Timers,
} from '@headrace/event-log';
import { Inject, Injectable } from '@nestjs/common';
import { ReconcilerSettings } from '../reconciler.config.js';

type Generated = RecordedOf<typeof requestGenerated>;

/** Sets the timers of reminders again that are neither waiting nor fired. */
@Injectable()
export class LostReminders {
  constructor(
    @Inject(EVENT_LOG) private readonly log: EventLog,
    @Inject(LOG_INSPECTION) private readonly inspection: LogInspection,
    @Inject(TIMERS) private readonly timers: Timers,
    private readonly settings: ReconcilerSettings,
    private readonly headrace: HeadraceSettings,
  ) {}

  /**
   * Sees to the next reminder of a request whose last event this is; resolves to whether its timer was lost. One that
   * is being handled right now is set once more, and then found to be told.
   */
  async restore(last: Recorded): Promise<boolean> {
    if (!isGenerated(last) || last.data.context.reminderMs === undefined) return false;
    if (Date.now() - Date.parse(last.time) < this.settings.marginMs) return false;
    const { project, channel } = last.address;
    const key = { project, channel, key: 'reminder' };
    if (await this.inspection.hasTimer(callbackReminderTimer, key)) return false;
    if (last.sequence > (await this.inspection.settledUpTo(callbackDeadlineSetterConsumer))) return false;
    const next = reminderAfter(await this.told(last), last.data, Date.now(), this.headrace.timeScale);
    if (!next) return false;
    const data = { revision: last.sequence, number: next.number };
    await this.timers.schedule(callbackReminderTimer, key, new Date(next.at), data, last);
    return true;
  }

  /** The number of the last reminder of this wait; 0 before the first. */
  private async told({ address: { project, channel }, sequence }: Generated): Promise<number> {
    const events = await this.log.readChannel(project, channel);
    const reminders = events.filter(isReminded).filter((event) => event.sequence > sequence);
    return Math.max(0, ...reminders.map(({ data }) => data.number));
  }
}

const isGenerated = (event: Recorded): event is Generated => event.type === 'request.generated';

const isReminded = (event: Recorded): event is RecordedOf<typeof callbackReminded> =>
  event.type === 'callback.reminded';

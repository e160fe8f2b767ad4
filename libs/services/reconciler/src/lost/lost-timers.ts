import {
  callbackDeadlineSetterConsumer,
  callbackDeadlineTimer,
  deliveryConsumer,
  deliveryRetryTimer,
  generationResumeTimer,
  type deliveryAttempted,
  type generationAttempted,
  type requestGenerated,
} from '@headrace/contracts';
import {
  EVENT_LOG,
  LOG_INSPECTION,
  TIMERS,
  type EventLog,
  type LogInspection,
  type Recorded,
  type RecordedOf,
  type TimerKey,
  type Timers,
} from '@headrace/event-log';
import type { DeliveryRow } from '@headrace/read-model';
import { Inject, Injectable } from '@nestjs/common';
import { ReconcilerSettings } from '../reconciler.config.js';
import { generationTimerOf, isAsked } from './asked.js';

/** Sets timers again that are neither waiting nor fired, for what the log says is still to come. */
@Injectable()
export class LostTimers {
  constructor(
    @Inject(EVENT_LOG) private readonly log: EventLog,
    @Inject(LOG_INSPECTION) private readonly inspection: LogInspection,
    @Inject(TIMERS) private readonly timers: Timers,
    private readonly settings: ReconcilerSettings,
  ) {}

  /** Sees to the deadline of a request whose last event this is; resolves to whether its timer was lost. */
  async restoreDeadline(last: Recorded): Promise<boolean> {
    if (!isGenerated(last) || !this.isOld(last)) return false;
    const key = { project: last.address.project, channel: last.address.channel, key: 'deadline' };
    if (await this.inspection.hasTimer(callbackDeadlineTimer, key)) return false;
    if (last.sequence > (await this.inspection.settledUpTo(callbackDeadlineSetterConsumer))) return false;
    if (!(await this.isStillLast(last))) return false;
    const at = new Date(last.data.callbackDeadline);
    await this.timers.schedule(callbackDeadlineTimer, key, at, { revision: last.sequence }, last);
    return true;
  }

  /** Sees to the next attempt at a provider, for a request whose last event this is; as with deadlines. */
  async restoreGeneration(last: Recorded): Promise<boolean> {
    if (!isAsked(last) || !this.isOld(last)) return false;
    const { project, channel } = last.address;
    const told = await this.log.last({ project, channel, aggregate: 'generation' });
    if (!told || !isAttempt(told) || told.sequence < last.sequence || told.data.retryAt === undefined) return false;
    // Whoever makes the attempt right now may take as long as the slowest provider.
    const longestMs = Math.max(...last.data.plan.targets.map(({ timeoutMs }) => timeoutMs));
    if (Date.now() - Date.parse(told.data.retryAt) < longestMs + this.settings.marginMs) return false;
    const key = generationTimerOf(last);
    if (await this.inspection.hasTimer(generationResumeTimer, key)) return false;
    if (!(await this.isStillLast(last)) || !(await this.isStillLast(told))) return false;
    await this.timers.schedule(generationResumeTimer, key, new Date(), { revision: last.sequence }, last);
    return true;
  }

  /** Sees to the next attempt of an open delivery that the log has; resolves to whether its timer was lost. */
  async restoreAttempt({ project, channel, id }: DeliveryRow): Promise<boolean> {
    const last = await this.log.last({ project, channel, aggregate: 'delivery', key: id });
    const due = last && attemptDueAfter(last);
    if (!due || !this.isOld(last)) return false;
    const key: TimerKey = { project, channel, key: id };
    if (await this.inspection.hasTimer(deliveryRetryTimer, key)) return false;
    // A first attempt that nobody has begun with waits in the consumer, not for a timer.
    if (due.attempt === 1 && last.sequence > (await this.inspection.settledUpTo(deliveryConsumer))) return false;
    if (!(await this.isStillLast(last))) return false;
    const data = { deliveryId: id, attempt: due.attempt, revision: last.sequence };
    await this.timers.schedule(deliveryRetryTimer, key, due.at, data, last);
    return true;
  }

  /** Whoever appended it has had the time to set its timer, or another to take over. */
  private isOld({ time }: Recorded): boolean {
    return Date.now() - Date.parse(time) >= this.settings.marginMs;
  }

  /** A timer that was not found may have been handled a moment before. */
  private async isStillLast({ address, sequence }: Recorded): Promise<boolean> {
    return (await this.log.last(address))?.sequence === sequence;
  }
}

function attemptDueAfter(last: Recorded): { readonly attempt: number; readonly at: Date } | undefined {
  if (isAttempted(last)) return { attempt: last.data.attempt.number + 1, at: new Date(last.data.nextAttemptAt) };
  return last.type === 'delivery.planned' ? { attempt: 1, at: new Date() } : undefined;
}

const isGenerated = (event: Recorded): event is RecordedOf<typeof requestGenerated> =>
  event.type === 'request.generated';

const isAttempt = (event: Recorded): event is RecordedOf<typeof generationAttempted> =>
  event.type === 'generation.attempted';

const isAttempted = (event: Recorded): event is RecordedOf<typeof deliveryAttempted> =>
  event.type === 'delivery.attempted';

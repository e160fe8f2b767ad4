import { generationAttempted, type GenerationAttempt } from '@headrace/contracts';
import type { FailedAttempt } from '@headrace/domain';
import { EVENT_LOG, type EventLog, type Recorded, type RecordedOf } from '@headrace/event-log';
import { metrics } from '@headrace/telemetry';
import { Inject, Injectable, Logger } from '@nestjs/common';
import type { AskedEvent } from '../asked-event.js';

/** What is told of attempts: to the event log, so that the generation can go on elsewhere, to metrics and logs. */
@Injectable()
export class AttemptLog {
  private readonly logger = new Logger('ai-runner');

  constructor(@Inject(EVENT_LOG) private readonly log: EventLog) {}

  /** The failed attempts that were told of this generation, in their order. */
  async madeFor({ address, sequence }: AskedEvent): Promise<FailedAttempt[]> {
    const { project, channel } = address;
    const told = await this.log.read({ project, channel, aggregate: generationAttempted.aggregate });
    return told
      .filter((event): event is RecordedOf<typeof generationAttempted> => isOfRound(event, sequence))
      .map(({ data: { number: _number, ...failed } }) => failed);
  }

  /** Tells of the last of the attempts made, as it happens. Telling the same one again changes nothing. */
  async tell({ id, address, traceParent, sequence }: AskedEvent, made: readonly FailedAttempt[]): Promise<void> {
    const { project, channel } = address;
    const number = made.length;
    const failed = made[number - 1];
    if (!failed) return;
    await this.log.append(
      { project, channel, aggregate: generationAttempted.aggregate },
      { type: generationAttempted.type, data: { number, ...failed } },
      { cause: { id, traceParent }, messageId: `${channel}:generation:${sequence}:${number}` },
    );
  }

  /** One line per attempt. A reason may quote the prompt, so it stays in the event log. */
  note({ address }: AskedEvent, attempt: GenerationAttempt): void {
    const { project, channel } = address;
    const { provider, model, status, httpStatus, durationMs } = attempt;
    metrics.generationDuration.with(provider, outcomeOf(attempt)).observe(durationMs / 1_000);
    const line = { msg: 'Generation attempted', project, channel, provider, model, status, httpStatus, durationMs };
    if (status === 'success') this.logger.debug(line);
    else this.logger.warn(line);
  }
}

/** Attempts of an earlier round stand before the event that asked for this one. */
const isOfRound = ({ type, sequence }: Recorded, askedAt: number): boolean =>
  type === generationAttempted.type && sequence > askedAt;

/** In few words, because each is a series of its metric: a reason is for people. */
function outcomeOf({ status, httpStatus }: GenerationAttempt): string {
  if (status === 'success') return 'success';
  return httpStatus === null ? 'no_answer' : `${Math.floor(httpStatus / 100)}xx`;
}

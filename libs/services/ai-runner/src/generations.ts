import { generationResumeTimer, type AggregateAddress } from '@headrace/contracts';
import { failureBecause, type FailedAttempt } from '@headrace/domain';
import { PermanentFailure, TIMERS, type Delivery, type TimerKey, type Timers } from '@headrace/event-log';
import { Inject, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { ADMISSION, type Admission, type Place, type Turn } from './admission.port.js';
import type { AskedEvent } from './asked-event.js';
import { AttemptGivenUp } from './attempt/attempt-given-up.js';
import { AttemptLog } from './attempt/attempt-log.js';
import { RequestEnds } from './ends/request-ends.js';
import { GenerationDecisions } from './generation-decisions.js';
import { expired, expiryOf } from './generation-expiry.js';
import type { GenerationPause, GenerationResult } from './generation-result.js';
import { GenerationRunner, type RunOptions } from './generation-runner.js';
import { AnswerTellers } from './pieces/answer-tellers.js';
import { TestModeRunner } from './test-mode-runner.js';

/** Brings generations on: begins them, has them wait, goes on with them in any process, and records their end. */
@Injectable()
export class Generations implements OnModuleInit {
  private readonly logger = new Logger('ai-runner');

  constructor(
    private readonly runner: GenerationRunner,
    private readonly testMode: TestModeRunner,
    private readonly decisions: GenerationDecisions,
    private readonly attempts: AttemptLog,
    private readonly ends: RequestEnds,
    private readonly tellers: AnswerTellers,
    @Inject(ADMISSION) private readonly admission: Admission,
    @Inject(TIMERS) private readonly timers: Timers,
  ) {}

  onModuleInit(): void {
    this.admission.onTurn((turn) => this.takeTurn(turn));
  }

  /**
   * Begins a generation when its event comes. May call a provider twice when a process dies in between; whatever
   * happens, the request is decided once. Throws what a later delivery may mend.
   */
  async begin(event: AskedEvent, delivery: Delivery): Promise<void> {
    const { address, sequence, time } = event;
    const isInDoubt = delivery.count > 1 || this.ends.mayHaveEnded(address.project, address.channel, time);
    if (isInDoubt && !(await this.decisions.pending(address, sequence, delivery.count))) return;
    await this.proceed(event, delivery, { hasBegun: delivery.count > 1 });
  }

  /**
   * Goes on with a generation that was put off, from where its attempts told that it was. Nothing happens when the
   * request is no longer at `revision`, the sequence of the event that asked for it.
   */
  async resume(project: string, channel: string, revision: number, delivery: Delivery): Promise<void> {
    const event = await this.decisions.pending({ project, channel, aggregate: 'request' }, revision, delivery.count);
    if (event) await this.proceed(event, delivery, { hasBegun: true });
  }

  private async takeTurn({ project, channel, revision, place, delivery }: Turn): Promise<void> {
    try {
      const event = await this.decisions.pending({ project, channel, aggregate: 'request' }, revision, delivery.count);
      if (!event) return;
      const hasBegun = delivery.count > 1;
      // While it waited, a timer would have told it that it waits for too long.
      if (!hasBegun && expiryOf(event, []) !== undefined) {
        await this.timers.cancel(generationResumeTimer, timerKeyOf(event.address));
      }
      await this.proceed(event, delivery, { hasBegun, place });
    } finally {
      place.release();
    }
  }

  /** `hasBegun`: an earlier run may have made attempts. `place`: the one that it has already. */
  private async proceed(
    event: AskedEvent,
    delivery: Delivery,
    { hasBegun, place }: { readonly hasBegun: boolean; readonly place?: Place },
  ): Promise<void> {
    const { project, channel } = event.address;
    const watch = this.ends.watch(project, channel, delivery.signal);
    // Whoever had the message before may have told a part, and nothing is told twice.
    const teller = delivery.count > 1 ? undefined : this.tellers.of(project, channel);
    const made: FailedAttempt[] = [];
    try {
      if (hasBegun) made.push(...(await this.attempts.madeFor(event)));
      const options = { made, teller, signal: watch.signal };
      const known = hasBegun ? undefined : this.decisions.known(event);
      const result =
        (known && (await known)) ??
        (place ? await this.run(event, { ...options, place }) : await this.runAdmitted(event, options));
      if (result === undefined) return;
      if ('until' in result) await this.putOff(event, result.until);
      else await this.decisions.record(event, result);
    } catch (error) {
      if (watch.hasEnded) await this.noteEnd(event, made, error);
      else await this.giveUp(event, delivery, error);
    } finally {
      teller?.close();
      watch.close();
    }
  }

  /** Undefined: it waits in a line, and its turn will come. A pause: it is looked at then, at the latest. */
  private async runAdmitted(
    event: AskedEvent,
    options: Omit<RunOptions, 'place'>,
  ): Promise<GenerationResult | GenerationPause | undefined> {
    const { address, data, sequence: revision } = event;
    const { made } = options;
    const tooLate = expired(event, made);
    if (tooLate) return tooLate;
    const request = { ...address, revision, context: data.context, plan: data.plan, attemptsMade: made.length };
    const verdict = await this.admission.admit(request, options.signal);
    if (verdict.kind !== 'admitted')
      return pauseUntil('until' in verdict ? verdict.until : undefined, expiryOf(event, made));
    try {
      return await this.run(event, { ...options, place: verdict.place });
    } finally {
      verdict.place.release();
    }
  }

  private async run(event: AskedEvent, options: RunOptions): Promise<GenerationResult | GenerationPause> {
    // It may have waited for its place.
    options.signal.throwIfAborted();
    const tooLate = expired(event, options.made);
    if (tooLate) return tooLate;
    const { testMode } = event.data.context;
    return testMode ? this.testMode.run(event, options.signal) : this.runner.run(event, options);
  }

  /** A timer goes on with it, in any process; until then it holds nothing. */
  private async putOff({ id, traceParent, address, sequence }: AskedEvent, until: Date): Promise<void> {
    const cause = { id, traceParent };
    await this.timers.schedule(generationResumeTimer, timerKeyOf(address), until, { revision: sequence }, cause);
  }

  /** The request has its end already. That a provider was called for it is still told. */
  private async noteEnd(event: AskedEvent, made: readonly FailedAttempt[], error: unknown): Promise<void> {
    const { project, channel } = event.address;
    this.logger.debug({ msg: 'Generation given up: its request has ended', project, channel });
    if (error instanceof AttemptGivenUp) await this.attempts.tell(event, [...made, { attempt: error.attempt }]);
  }

  /** A request must not stay open because its answer cannot be had or stored: it ends with the reason. */
  private async giveUp(event: AskedEvent, delivery: Delivery, error: unknown): Promise<void> {
    const isOver = error instanceof PermanentFailure || delivery.isLast;
    if (!isOver || delivery.signal.aborted) throw error;
    const { project, channel } = event.address;
    this.logger.error({ msg: 'Generation given up', project, channel, err: error });
    const reason = error instanceof PermanentFailure ? error.message : 'The request could not be processed.';
    await this.decisions.record(event, { generation: null, failure: failureBecause(reason) });
  }
}

/** A request has one generation at a time. */
const timerKeyOf = ({ project, channel }: AggregateAddress): TimerKey => ({ project, channel, key: 'generation' });

/** The earlier of both; undefined when there is neither. */
function pauseUntil(until: Date | undefined, expiresAt: string | undefined): GenerationPause | undefined {
  if (expiresAt === undefined) return until && { until };
  return { until: new Date(Math.min(until?.getTime() ?? Number.POSITIVE_INFINITY, Date.parse(expiresAt))) };
}

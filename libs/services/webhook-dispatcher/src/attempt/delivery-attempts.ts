import { HeadraceSettings } from '@headrace/config';
import { deliveryRetryTimer, type DeliveryAttempt, type deliveryPlanned } from '@headrace/contracts';
import {
  deliveryDecider,
  nextAttemptOf,
  retryPolicyOf,
  type DeliveryCommand,
  type DeliveryState,
  type RetryPolicy,
} from '@headrace/domain';
import {
  DELIVERY_DEAD_LETTERS,
  EVENT_LOG,
  EventLogUnavailable,
  TIMERS,
  handleCommand,
  type DeliveryDeadLetters,
  type EventLog,
  type Known,
  type RecordedOf,
  type Timers,
} from '@headrace/event-log';
import { OutboundHttp } from '@headrace/outbound-http';
import { ProjectStore } from '@headrace/project-store';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { EndpointHealth } from '../endpoint-health/endpoint-health.js';
import { reportOf } from '../isolation/attempt-report.js';
import { EndpointGate, isRefusal, type Entry, type Refusal } from '../isolation/endpoint-gate.js';
import { gaveUpWaiting, nextLookAt } from '../isolation/parking.js';
import { Lanes } from '../order/lanes.js';
import { WebhookDispatcherSettings } from '../webhook-dispatcher.config.js';
import { attemptLine } from './attempt-log.js';
import { countDeferral, measureDelivery } from './attempt-metrics.js';
import type { AttemptOutcome } from './attempt-outcome.js';
import { inAttemptSpan } from './attempt-span.js';
import { sendWebhook } from './send-webhook.js';
import { signingSecretsOf, type SigningSecrets } from './signing-secrets.js';

type Planned = RecordedOf<typeof deliveryPlanned>;

/** An attempt that is due. */
interface Due {
  readonly planned: Planned;
  readonly known: Known<DeliveryState>;
  readonly due: number;
  readonly policy: RetryPolicy;
  readonly entry: Entry;
}

/**
 * Makes attempts, for the first and for later ones alike. In this order, each step on a message that is not
 * acknowledged before the last:
 *
 *   1. post   2. append the outcome   3. set the retry's timer, or keep the dead letter   4. acknowledge
 *
 * What a kill between two steps leaves behind, and why nothing is lost:
 *
 * - before 2: the log does not know of the attempt. The message comes again, the state is as it was, the attempt is
 *   made again: the receiver may see it twice (at least once; same id, same bytes).
 * - between 2 and 3: the message comes again, the state says `retrying` or `deadLettered`, and step 3 alone is done.
 * - between 3 and 4: step 3 is done once more. A timer of the same key is replaced, a dead letter is kept once. Should
 *   the timer have fired in between, the second one finds an attempt number that is past.
 *
 * So whoever handles a message of a delivery first asks the log what is left to do (`proceed`).
 */
@Injectable()
export class DeliveryAttempts {
  private readonly logger = new Logger('webhook-dispatcher');

  constructor(
    @Inject(EVENT_LOG) private readonly log: EventLog,
    @Inject(TIMERS) private readonly timers: Timers,
    @Inject(DELIVERY_DEAD_LETTERS) private readonly deadLetters: DeliveryDeadLetters,
    private readonly health: EndpointHealth,
    private readonly projects: ProjectStore,
    private readonly outbound: OutboundHttp,
    private readonly gate: EndpointGate,
    private readonly headrace: HeadraceSettings,
    private readonly settings: WebhookDispatcherSettings,
    private readonly lanes: Lanes,
  ) {}

  /**
   * Does what a delivery needs in the state it is in: makes attempt `due` when that is the next one, otherwise sees
   * to what must follow the attempts already made. Throws when the effects are not sure; the caller's message then
   * comes again. `isReturning`: a timer brought it, perhaps since there was no room for it before.
   */
  async proceed(
    planned: Planned,
    known: Known<DeliveryState>,
    due: number,
    signal: AbortSignal,
    isReturning = false,
  ): Promise<void> {
    if (nextAttemptOf(known.state) !== due) return this.follow(planned, known);
    const project = await this.projects.project(planned.address.project);
    const target = signingSecretsOf(project, planned.data);
    if (target.secrets === undefined) return this.giveUp(planned, known, target.reason);
    const policy = retryPolicyOf(target.endpoint?.retry ?? target.project.retry);
    const entry = this.entryOf(planned, target, due, isReturning);
    const attempt = { planned, known, due, policy, entry };
    if (target.endpoint?.paused) return this.postpone(attempt, { reason: 'paused' });
    const entering = this.gate.enter(entry);
    const admission = entering instanceof Promise ? await entering : entering;
    if (isRefusal(admission)) return this.postpone(attempt, admission);
    let outcome: AttemptOutcome | undefined;
    try {
      // It may have waited for its slot while the log went away. An attempt that is not recorded is made again.
      if (this.log.isReachable === false) throw new EventLogUnavailable('The log is away, so no attempt is begun.');
      const { secrets, headers } = target;
      outcome = await inAttemptSpan(planned, due, (traceParent) =>
        sendWebhook(this.outbound, this.settings, { planned, number: due, secrets, headers, traceParent, signal }),
      );
    } finally {
      this.gate.leave(admission, outcome && reportOf(outcome));
    }
    if (outcome.isGone) await this.health.gone(planned, outcome.attempt, outcome.finalReason ?? '');
    else this.health.note(planned, target.endpoint, outcome.attempt);
    const after = await this.decide(planned, known, this.recordCommand(outcome, policy));
    this.logger.log(attemptLine(planned, outcome.attempt, after.state));
    measureDelivery(planned, after.state);
    await this.follow(planned, after);
  }

  /** What must exist outside of the log once a delivery is in this state. Doing it again changes nothing. */
  private async follow(planned: Planned, { state, revision }: Known<DeliveryState>): Promise<void> {
    if (state.status === 'retrying') {
      await this.schedule(planned, new Date(state.nextAttemptAt), state.attempt.number + 1, revision);
    } else if (state.status === 'deadLettered') {
      const { status: _, ...end } = state;
      await this.deadLetters.keep(planned, end);
    }
    if (nextAttemptOf(state) === undefined) await this.lanes.leaveEnded(planned);
  }

  /** No attempt was made, so nothing is recorded: the same one is due later, unless it has waited for too long. */
  private async postpone({ planned, known, due, policy, entry }: Due, refusal: Refusal): Promise<void> {
    const { state } = known;
    const { plannedAt } = planned.data;
    const { timeScale } = this.headrace;
    const parked = { reason: refusal.reason, state, plannedAt, policy, timeScale, now: this.gate.now() };
    const reason = gaveUpWaiting(parked);
    if (reason !== undefined) return this.giveUp(planned, known, reason);
    countDeferral(refusal.reason);
    await this.schedule(planned, this.gate.comeBackAt(entry, refusal, nextLookAt(parked)), due, known.revision);
  }

  private async giveUp(planned: Planned, known: Known<DeliveryState>, reason: string): Promise<void> {
    await this.follow(planned, await this.decide(planned, known, { type: 'giveUp', reason }));
  }

  private entryOf(
    { address, data }: Planned,
    { endpoint }: Extract<SigningSecrets, { secrets: readonly string[] }>,
    due: number,
    isReturning: boolean,
  ): Entry {
    const rate = endpoint?.rateLimitPerSecond ?? null;
    return {
      project: address.project,
      endpoint: data.endpointId,
      isRetry: due > 1,
      isReturning,
      maxInFlight: endpoint?.maxInFlight ?? null,
      ratePerSecond: rate === null ? null : rate / this.settings.dispatchers,
    };
  }

  private schedule(planned: Planned, at: Date, attempt: number, revision: number): Promise<void> {
    const { address, data } = planned;
    const { deliveryId } = data;
    const key = { project: address.project, channel: address.channel, key: deliveryId };
    return this.timers.schedule(deliveryRetryTimer, key, at, { deliveryId, attempt, revision }, planned);
  }

  private decide(planned: Planned, known: Known<DeliveryState>, command: DeliveryCommand) {
    return handleCommand(this.log, deliveryDecider, planned.address, command, { known, cause: planned });
  }

  private recordCommand({ attempt, retryAfterMs, finalReason }: AttemptOutcome, policy: RetryPolicy): DeliveryCommand {
    return {
      type: 'recordAttempt',
      attempt,
      retryAfterMs,
      finalReason,
      policy,
      jitter: Math.random(),
      timeScale: this.headrace.timeScale,
      at: endOf(attempt),
    };
  }
}

const endOf = ({ startedAt, durationMs }: DeliveryAttempt): string =>
  new Date(Date.parse(startedAt) + durationMs).toISOString();

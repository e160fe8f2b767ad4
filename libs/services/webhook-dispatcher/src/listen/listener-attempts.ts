import { HeadraceSettings } from '@headrace/config';
import { deliveryRetryTimer, type deliveryPlanned, type ListenerSession } from '@headrace/contracts';
import {
  defaultRetryPolicy,
  deliveryDecider,
  nextAttemptOf,
  type DeliveryCommand,
  type DeliveryState,
  type RetryPolicy,
} from '@headrace/domain';
import {
  DELIVERY_DEAD_LETTERS,
  EVENT_LOG,
  handleCommand,
  LISTENER_TUNNEL,
  TIMERS,
  type DeliveryDeadLetters,
  type EventLog,
  type Known,
  type ListenerTunnel,
  type RecordedOf,
  type Timers,
} from '@headrace/event-log';
import { Inject, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { attemptLine } from '../attempt/attempt-log.js';
import type { AttemptOutcome } from '../attempt/attempt-outcome.js';
import { inAttemptSpan } from '../attempt/attempt-span.js';
import { WebhookDispatcherSettings } from '../webhook-dispatcher.config.js';
import { outcomeOfListener } from './listener-outcome.js';

type Planned = RecordedOf<typeof deliveryPlanned>;

/** The documented schedule as far as somebody at a laptop waits for it: nothing stays open for hours. */
export const listenerRetryPolicy: RetryPolicy = { delaysMs: defaultRetryPolicy.delaysMs.slice(0, 5) };

/** A session without a socket is looked at again after so long, and a full one; spread, so that a line comes as such. */
const deferralMs = 1_000;

/** What the process that holds the socket has beyond the local server's time, to say that there was no answer. */
const askMarginMs = 5_000;

/** Attempts in flight, so that hanging laptops keep no messages from the endpoints. */
const inFlightPerSession = 16;
const inFlightOfAll = 128;

/** Nobody can say what became of the attempt, so it does not count. */
class ListenerAway extends Error {}

/**
 * Makes attempts through tunnels, step by step as `DeliveryAttempts` makes those at URLs. What differs: there is no
 * secret here (the process that holds the socket signs), a session that has no socket at the moment is waited for
 * without counting an attempt, and one that is over gets nothing more.
 */
@Injectable()
export class ListenerAttempts implements OnModuleInit {
  private readonly logger = new Logger('webhook-dispatcher');
  private readonly inFlight = new Map<string, number>();
  private inFlightNow = 0;

  constructor(
    @Inject(EVENT_LOG) private readonly log: EventLog,
    @Inject(TIMERS) private readonly timers: Timers,
    @Inject(DELIVERY_DEAD_LETTERS) private readonly deadLetters: DeliveryDeadLetters,
    @Inject(LISTENER_TUNNEL) private readonly tunnel: ListenerTunnel,
    private readonly headrace: HeadraceSettings,
    private readonly settings: WebhookDispatcherSettings,
  ) {}

  /** Before messages are taken, so that no session is taken for one that is over. */
  onModuleInit(): Promise<void> {
    return this.tunnel.ready();
  }

  /** Does what a delivery to a listening session needs in the state it is in; see `DeliveryAttempts.proceed`. */
  async proceed(planned: Planned, known: Known<DeliveryState>, due: number, signal: AbortSignal): Promise<void> {
    if (nextAttemptOf(known.state) !== due) return this.follow(planned, known);
    const { endpointId } = planned.data;
    const session = this.tunnel.find(planned.address.project, endpointId);
    if (!session) {
      const giveUp = { type: 'giveUp', reason: 'The listening session has ended.' } as const;
      return this.follow(planned, await this.decide(planned, known, giveUp));
    }
    if (session.connection === null || !this.enter(endpointId)) return this.defer(planned, known, due);
    let outcome: AttemptOutcome;
    try {
      outcome = await inAttemptSpan(planned, due, (traceParent) =>
        this.send(planned, session, { number: due, traceParent, signal }),
      );
    } catch (error) {
      if (error instanceof ListenerAway) return this.defer(planned, known, due);
      throw error;
    } finally {
      this.leave(endpointId);
    }
    const after = await this.decide(planned, known, this.recordCommand(outcome));
    this.logger.log(attemptLine(planned, outcome.attempt, after.state));
    await this.follow(planned, after);
  }

  private async send(
    { address, data }: Planned,
    session: ListenerSession,
    { number, traceParent, signal }: { number: number; traceParent: string; signal: AbortSignal },
  ): Promise<AttemptOutcome> {
    const { deliveryId, webhookType, messageId, body, callbackUrl } = data;
    const { timeoutMs } = this.settings;
    const startedAt = new Date();
    const started = performance.now();
    const told = await this.tunnel.ask(
      session,
      {
        channel: address.channel,
        deliveryId,
        attempt: number,
        webhookType,
        messageId,
        body,
        callbackUrl,
        traceParent,
        timeLimitMs: timeoutMs,
      },
      { limitMs: timeoutMs + askMarginMs, signal },
    );
    if (told.kind === 'away') throw new ListenerAway('The listening session has no connection.');
    return outcomeOfListener({ number, startedAt, durationMs: performance.now() - started }, told);
  }

  private async follow(planned: Planned, { state, revision }: Known<DeliveryState>): Promise<void> {
    if (state.status === 'retrying') {
      await this.schedule(planned, new Date(state.nextAttemptAt), state.attempt.number + 1, revision);
    } else if (state.status === 'deadLettered') {
      const { status: _, ...end } = state;
      await this.deadLetters.keep(planned, end);
    }
  }

  private defer(planned: Planned, { revision }: Known<DeliveryState>, due: number): Promise<void> {
    const at = new Date(Date.now() + deferralMs * (1 + Math.random()));
    return this.schedule(planned, at, due, revision);
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

  private recordCommand({ attempt, retryAfterMs, finalReason }: AttemptOutcome): DeliveryCommand {
    return {
      type: 'recordAttempt',
      attempt,
      retryAfterMs,
      finalReason,
      policy: listenerRetryPolicy,
      jitter: Math.random(),
      timeScale: this.headrace.timeScale,
      at: new Date(Date.parse(attempt.startedAt) + attempt.durationMs).toISOString(),
    };
  }

  private enter(session: string): boolean {
    const mine = this.inFlight.get(session) ?? 0;
    if (mine >= inFlightPerSession || this.inFlightNow >= inFlightOfAll) return false;
    this.inFlight.set(session, mine + 1);
    this.inFlightNow += 1;
    return true;
  }

  private leave(session: string): void {
    const left = (this.inFlight.get(session) ?? 1) - 1;
    if (left === 0) this.inFlight.delete(session);
    else this.inFlight.set(session, left);
    this.inFlightNow -= 1;
  }
}

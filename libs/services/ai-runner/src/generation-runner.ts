import { setTimeout as delay } from 'node:timers/promises';
import { HeadraceSettings } from '@headrace/config';
import {
  attemptsAt,
  conversationOf,
  failureBecause,
  failureOf,
  nextAttempt,
  retryWaitMs,
  type FailedAttempt,
  type NextAttempt,
} from '@headrace/domain';
import { offlineProviderName, SchemaCompiler, UnusableSchema } from '@headrace/providers';
import { Inject, Injectable } from '@nestjs/common';
import { AiRunnerSettings } from './ai-runner.config.js';
import type { AskedEvent } from './asked-event.js';
import { AttemptLog } from './attempt/attempt-log.js';
import {
  ProviderAttempts,
  type AttemptContext,
  type AttemptResult,
  type AttemptToMake,
} from './attempt/provider-attempts.js';
import type { Place } from './admission.port.js';
import { ATTEMPT_ORDER, type AttemptOrder } from './attempt-order.port.js';
import { summaries, type GenerationPause, type GenerationResult } from './generation-result.js';
import type { AnswerTeller } from './pieces/answer-teller.js';
import { wantsPieces } from './pieces/wants-pieces.js';

/** Its model's name is what META shows; making up an answer takes microseconds. */
const offlineFallback = { provider: offlineProviderName, model: 'offline-fallback', timeoutMs: 5_000 };
/** Longer waits are left to a timer, so that they hold neither a message nor a place. */
const longestWaitInPlaceMs = 2_000;

/** How a generation is run. */
export interface RunOptions {
  /** Failed attempts of earlier runs of this generation, in their order; this run adds its own. */
  readonly made: FailedAttempt[];
  /** Undefined: nothing is told before the end. */
  readonly teller: AnswerTeller | undefined;
  /** Held for as long as it runs. */
  readonly place: Place;
  readonly signal: AbortSignal;
}

/** Brings a request to an answer: its targets in order, each as often as its plan says. Decides nothing by itself. */
@Injectable()
export class GenerationRunner {
  constructor(
    private readonly attempts: ProviderAttempts,
    private readonly attemptLog: AttemptLog,
    private readonly schemas: SchemaCompiler,
    @Inject(ATTEMPT_ORDER) private readonly order: AttemptOrder,
    private readonly settings: AiRunnerSettings,
    private readonly headrace: HeadraceSettings,
  ) {}

  /**
   * Throws `AttemptGivenUp` or an `AbortError` when `signal` is aborted, and whatever the log or the configuration
   * throws when they are away: the same request comes again.
   */
  async run(event: AskedEvent, options: RunOptions): Promise<GenerationResult | GenerationPause> {
    const { plan, context, messages } = event.data;
    try {
      return await this.withProviders(event, options, {
        project: event.address.project,
        asked: event.data,
        messages: conversationOf(plan, messages),
        schema: plan.structuredOutput ? this.schemas.compile(plan.structuredOutput.schema) : null,
        metadata: context.customerData,
        tellerFor: (provider) =>
          wantsPieces(context, provider, this.settings.asyncTokens) ? options.teller : undefined,
        signal: options.signal,
      });
    } catch (error) {
      // Asking a provider for what cannot be checked would only cost money.
      if (!(error instanceof UnusableSchema)) throw error;
      return { generation: null, failure: failureBecause(error.message) };
    }
  }

  private async withProviders(
    event: AskedEvent,
    { made, teller, place, signal }: RunOptions,
    context: AttemptContext,
  ): Promise<GenerationResult | GenerationPause> {
    const { plan } = event.data;
    const { succeeded, failed } = summaries(plan, made);
    const outOfTurn = made.length === 0 ? this.order.whyNotAsPlanned(context.project, plan.targets) : undefined;
    const order = this.order.orderOf(context.project, plan.targets);
    for (let next = nextAttempt(plan, order, made); next; next = nextAttempt(plan, order, made)) {
      const waitMs = next.at === undefined ? 0 : Date.parse(next.at) - Date.now();
      if (waitMs > longestWaitInPlaceMs) return { until: new Date(Date.now() + waitMs) };
      if (waitMs > 0) await delay(waitMs, undefined, { signal });
      await place.at(next.target.provider, signal);
      const result = toldWhy(await this.attempt(event, next, made, context), made.length === 0 ? outOfTurn : undefined);
      if (result.answer) return succeeded(result.attempt, result.answer);
      made.push(this.withWhatFollows(event, next, result, made, teller));
      await this.attemptLog.tell(event, made);
    }
    const failure = failureOf(made);
    if (!plan.offlineFallback || made.at(-1)?.final) return failed(failure);
    await place.at(offlineFallback.provider, signal);
    const result = await this.attempt(event, { target: offlineFallback }, made, { ...context, metadata: {} });
    if (result.answer) return succeeded(result.attempt, result.answer, true);
    made.push({ attempt: result.attempt });
    return failed(failure);
  }

  private async attempt(
    event: AskedEvent,
    next: AttemptToMake,
    made: readonly FailedAttempt[],
    context: AttemptContext,
  ): Promise<AttemptResult> {
    const result = await this.attempts.make(next, made, context);
    this.attemptLog.note(event, result.attempt);
    this.order.noteAttempt(context.project, result.attempt);
    return result;
  }

  /** Decided once and told with the attempt, so that whoever goes on with the generation does the same. */
  private withWhatFollows(
    { data: { plan } }: AskedEvent,
    { place }: NextAttempt,
    { attempt, misfit, error }: AttemptResult,
    made: readonly FailedAttempt[],
    teller: AnswerTeller | undefined,
  ): FailedAttempt {
    // Another answer must not follow on the beginning of this one.
    if (teller?.hasTold) return { attempt, final: true };
    if (misfit) return { attempt, misfit };
    const waitMs = retryWaitMs({
      retry: plan.retry,
      retryable: error?.retryable ?? false,
      retryAfterMs: error?.retryAfterMs ?? null,
      tries: attemptsAt(made, place).filter((one) => !one.misfit).length + 1,
      random: Math.random(),
    });
    if (waitMs === null) return { attempt };
    return { attempt, retryAt: new Date(Date.now() + waitMs / this.headrace.timeScale).toISOString() };
  }
}

/** Whoever looks at the first attempt wonders why it was not the primary's. */
const toldWhy = (result: AttemptResult, outOfTurn: string | undefined): AttemptResult =>
  outOfTurn === undefined ? result : { ...result, attempt: { ...result.attempt, outOfTurn } };

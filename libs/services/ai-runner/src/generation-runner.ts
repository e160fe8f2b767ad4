import { setTimeout as delay } from 'node:timers/promises';
import {
  generationAttempted,
  type GenerationAttempt,
  type GenerationOutput,
  type GenerationSummary,
  type Json,
  type requestAccepted,
} from '@headrace/contracts';
import {
  conversationOf,
  failureBecause,
  failureOf,
  nextTarget,
  summariseGeneration,
  testModeAnswer,
  type GenerationFailure,
} from '@headrace/domain';
import { EVENT_LOG, type EventLog, type RecordedOf } from '@headrace/event-log';
import {
  NoInstance,
  offlineProviderName,
  SchemaCompiler,
  SchemaInstances,
  UnusableSchema,
  type CompiledSchema,
} from '@headrace/providers';
import { metrics } from '@headrace/telemetry';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { ProviderAttempts, type AttemptContext, type UsableAnswer } from './attempt/provider-attempts.js';

/** A request as it was accepted. */
export type AcceptedEvent = RecordedOf<typeof requestAccepted>;

/** What a generation came to; `generation` is null when no provider was tried. */
export type GenerationResult =
  | { readonly generation: GenerationSummary; readonly output: GenerationOutput }
  | { readonly generation: GenerationSummary | null; readonly failure: GenerationFailure };

/** Name of the model that stands for an offline fallback in META. */
const offlineFallbackModel = 'offline-fallback';
/** Making up an answer takes microseconds; the limit is there because every call has one. */
const offlineFallbackTimeoutMs = 5_000;

/** Brings a request to an answer: its targets in order, or sample data in test mode. Decides nothing by itself. */
@Injectable()
export class GenerationRunner {
  private readonly logger = new Logger('ai-runner');

  constructor(
    @Inject(EVENT_LOG) private readonly log: EventLog,
    private readonly attempts: ProviderAttempts,
    private readonly schemas: SchemaCompiler,
    private readonly instances: SchemaInstances,
  ) {}

  /** Throws when `signal` is aborted, and when the log or the configuration is away: the same request comes again. */
  async run(event: AcceptedEvent, signal: AbortSignal): Promise<GenerationResult> {
    const { plan, context, messages } = event.data;
    try {
      const schema = plan.structuredOutput ? this.schemas.compile(plan.structuredOutput.schema) : null;
      if (context.testMode) return await this.inTestMode(event, schema, signal);
      return await this.withProviders(event, {
        project: event.address.project,
        accepted: event.data,
        messages: conversationOf(plan, messages),
        schema,
        metadata: context.customerData,
        signal,
      });
    } catch (error) {
      // Asking a provider for what cannot be checked would only cost money.
      if (!(error instanceof UnusableSchema || error instanceof NoInstance)) throw error;
      return { generation: null, failure: failureBecause(error.message) };
    }
  }

  private async withProviders(event: AcceptedEvent, context: AttemptContext): Promise<GenerationResult> {
    const { plan } = event.data;
    const started = performance.now();
    const made: GenerationAttempt[] = [];
    const summary = (answer: UsableAnswer | null, offlineFallback: boolean): GenerationSummary =>
      summariseGeneration({
        plan,
        attempts: made,
        durationMs: Math.round(performance.now() - started),
        usage: answer?.usage ?? null,
        structuredOutput: answer?.isStructured ?? false,
        offlineFallback,
      });
    for (let target = nextTarget(plan, made); target; target = nextTarget(plan, made)) {
      const { attempt, answer } = await this.attempts.make(target, context);
      made.push(attempt);
      this.note(event, attempt);
      if (answer) return { generation: summary(answer, false), output: answer.output };
      await this.tell(event, made.length, attempt);
    }
    const failure = failureOf(made);
    if (plan.offlineFallback) {
      const target = {
        provider: offlineProviderName,
        model: offlineFallbackModel,
        timeoutMs: offlineFallbackTimeoutMs,
      };
      const { attempt, answer } = await this.attempts.make(target, { ...context, metadata: {} });
      made.push(attempt);
      this.note(event, attempt);
      if (answer) return { generation: summary(answer, true), output: answer.output };
    }
    return { generation: summary(null, false), failure };
  }

  /** Tells the timeline of a failed attempt as it happens; the id keeps a redelivery from telling it twice. */
  private async tell({ id, address, traceParent }: AcceptedEvent, number: number, attempt: GenerationAttempt) {
    const { project, channel } = address;
    await this.log.append(
      { project, channel, aggregate: generationAttempted.aggregate },
      { type: generationAttempted.type, data: { number, attempt } },
      { cause: { id, traceParent }, messageId: `${channel}:generation:${number}` },
    );
  }

  /** One line per attempt. A reason may quote the prompt, so it stays in the event log. */
  private note({ address }: AcceptedEvent, attempt: GenerationAttempt): void {
    const { project, channel } = address;
    const { provider, model, status, httpStatus, durationMs } = attempt;
    metrics.generationDuration.with(provider, outcomeOf(attempt)).observe(durationMs / 1_000);
    const line = { msg: 'Generation attempted', project, channel, provider, model, status, httpStatus, durationMs };
    if (status === 'success') this.logger.debug(line);
    else this.logger.warn(line);
  }

  private async inTestMode(
    { data: { plan } }: AcceptedEvent,
    schema: CompiledSchema | null,
    signal: AbortSignal,
  ): Promise<GenerationResult> {
    const startedAt = new Date().toISOString();
    const started = performance.now();
    if (plan.testDelayMs > 0) await delay(plan.testDelayMs, undefined, { signal });
    const sample: Json =
      plan.structuredOutput?.sampleData ?? (schema ? this.instances.instanceOf(schema, 0).value : null);
    return testModeAnswer(plan, sample, startedAt, Math.round(performance.now() - started));
  }
}

/** In few words, because each is a series of its metric: a reason is for people. */
function outcomeOf({ status, httpStatus }: GenerationAttempt): string {
  if (status === 'success') return 'success';
  return httpStatus === null ? 'no_answer' : `${Math.floor(httpStatus / 100)}xx`;
}

import type { GenerationSummary, Json, RecordAddress } from '@headrace/contracts';
import {
  EVENT_LOG,
  EventLogUnavailable,
  SHARED_RECORDS,
  type EventLog,
  type Recorded,
  type SharedRecords,
} from '@headrace/event-log';
import { fingerprintOf } from '@headrace/secrets';
import { metrics } from '@headrace/telemetry';
import { Inject, Injectable, Logger } from '@nestjs/common';
import type { AskedEvent } from '../asked-event.js';
import type { GenerationResult } from '../generation-result.js';

type Answered = Extract<GenerationResult, { output: unknown }>;

/** Where in the log an answer stands, and since when it may be given again. */
interface Pointer {
  readonly channel: string;
  readonly type: string;
  readonly sequence: number;
  readonly at: number;
}

/**
 * Gives an earlier answer of the project to an equal question, where the workflow allows it for some time. What is
 * remembered is only where in the log the answer stands: answers are kept in no second place, and one that was erased
 * is gone from here, too. A cache that fails is no cache: the provider is asked.
 */
@Injectable()
export class AnswerCache {
  private readonly logger = new Logger('AnswerCache');

  constructor(
    @Inject(SHARED_RECORDS) private readonly records: SharedRecords,
    @Inject(EVENT_LOG) private readonly log: EventLog,
  ) {}

  /** An earlier answer to the same question; undefined when there is none. Without the setting it costs nothing. */
  find(event: AskedEvent): undefined | Promise<Answered | undefined> {
    const { plan, context } = event.data;
    if (plan.cacheSeconds === undefined || context.testMode) return undefined;
    return this.look(event, plan.cacheSeconds * 1_000);
  }

  /** Remembers where the answer to a question stands that was just recorded. Nobody waits for it. */
  keep(
    event: AskedEvent,
    recorded: { readonly event: { type: string; data: unknown }; readonly revision: number },
  ): void {
    const { plan, context } = event.data;
    if (plan.cacheSeconds === undefined || context.testMode || !isWorthKeeping(recorded.event.data)) return;
    const { channel } = event.address;
    const pointer: Pointer = { channel, type: recorded.event.type, sequence: recorded.revision, at: Date.now() };
    this.records
      .write(addressOf(event), { ...pointer }, { lifeMs: plan.cacheSeconds * 1_000 })
      .catch((error: unknown) => this.logger.debug(`An answer is not kept for later: ${String(error)}`));
  }

  private async look(event: AskedEvent, lifeMs: number): Promise<Answered | undefined> {
    const started = performance.now();
    const answer = await this.read(event, lifeMs);
    metrics.answerCacheLooks.with(answer ? 'hit' : 'miss').add();
    if (!answer) return undefined;
    // Nobody was asked, so nothing was used and nothing is to be paid.
    const generation: GenerationSummary = {
      ...answer.generation,
      cached: true,
      durationMs: Math.round(performance.now() - started),
      usage: { promptTokens: 0, completionTokens: 0 },
      attempts: [],
    };
    return { generation, output: answer.output };
  }

  private async read(event: AskedEvent, lifeMs: number): Promise<Answered | undefined> {
    const { project } = event.address;
    try {
      const found = await this.records.read(addressOf(event));
      const pointer = found?.value as unknown as Pointer | undefined;
      // The workflow's time may be shorter now than when the answer was kept.
      if (!pointer || Date.now() - pointer.at >= lifeMs) return undefined;
      const { channel, type, sequence } = pointer;
      const address = { project, channel, aggregate: 'request' };
      const stored: Recorded | undefined = await this.log.firstAfter(address, type, sequence - 1);
      return stored?.sequence === sequence ? (stored.data as Answered) : undefined;
    } catch (error) {
      if (!(error instanceof EventLogUnavailable)) throw error;
      return undefined;
    }
  }
}

/** What an offline fallback made up is no answer of a model. */
function isWorthKeeping(data: unknown): boolean {
  const { generation, output } = data as Partial<Answered>;
  return !!output && !!generation && !generation.offlineFallback && !generation.cached && generation.httpStatus === 200;
}

/** All that an answer depends on, and nothing else: who asked, and how often it may be tried again, does not matter. */
function addressOf({ address: { project }, data }: AskedEvent): RecordAddress {
  const { targets, systemInstructions, structuredOutput, parameters } = data.plan;
  const models = targets.map(({ provider, model }): Json => [provider, model]);
  const format = structuredOutput && [structuredOutput.name, structuredOutput.schema];
  return {
    kind: 'answer',
    project,
    key: fingerprintOf(models, systemInstructions, format, parameters, data.messages),
  };
}

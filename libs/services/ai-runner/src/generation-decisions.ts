import { HeadraceSettings } from '@headrace/config';
import type { AggregateAddress } from '@headrace/contracts';
import { callbackDeadlineFrom, requestDecider, type RequestCommand } from '@headrace/domain';
import { EVENT_LOG, EventLogUnavailable, handleCommand, stateAfter, type EventLog } from '@headrace/event-log';
import { Inject, Injectable } from '@nestjs/common';
import type { AskedEvent } from './asked-event.js';
import { AnswerCache } from './cache/answer-cache.js';
import { isBehind } from './behind-log.js';
import { GenerationCost } from './cost/generation-cost.js';
import type { GenerationResult } from './generation-result.js';

/** Has requests decide what follows from a generation. */
@Injectable()
export class GenerationDecisions {
  constructor(
    @Inject(EVENT_LOG) private readonly log: EventLog,
    private readonly settings: HeadraceSettings,
    private readonly cost: GenerationCost,
    private readonly cache: AnswerCache,
  ) {}

  /**
   * The event that asks for an answer, when the request is still where that event has brought it. `looks`: how often it
   * is looked for, this time included. Throws `EventLogUnavailable` at first when nothing of it is found: a replica of
   * the log may be behind; later it counts as erased.
   */
  async pending(address: AggregateAddress, revision: number, looks: number): Promise<AskedEvent | undefined> {
    const last = await this.log.last(address);
    if (last?.sequence === revision) return last as AskedEvent;
    if (!isBehind(last, revision, looks)) return undefined;
    throw new EventLogUnavailable('The log does not show the request yet.');
  }

  /** An answer that is at hand, so that nobody need be asked; undefined when there is none. */
  known(event: AskedEvent): undefined | Promise<GenerationResult | undefined> {
    return this.cache.find(event);
  }

  /** Records what a generation came to; nothing, when the request has ended meanwhile. */
  async record(event: AskedEvent, result: GenerationResult): Promise<void> {
    const { id, traceParent, sequence } = event;
    // The event in hand is the whole state: no read unless somebody else (a cancel) was first.
    const outcome = await handleCommand(this.log, requestDecider, event.address, this.commandFor(event, result), {
      known: { state: stateAfter(requestDecider, event), revision: sequence },
      cause: { id, traceParent },
    });
    if (!outcome.event) return;
    const { data } = outcome.event;
    if ('generation' in data) this.cost.count(data.generation);
    this.cache.keep(event, { event: outcome.event, revision: outcome.revision });
  }

  private commandFor({ data: { context } }: AskedEvent, result: GenerationResult): RequestCommand {
    const now = Date.now();
    const at = new Date(now).toISOString();
    if ('failure' in result) {
      const { failure } = result;
      // A provider is paid for answers that could not be used, too.
      const generation = result.generation && this.cost.priced(result.generation);
      return { type: 'recordGenerationFailure', generation, ...failure, at };
    }
    const callbackDeadline = callbackDeadlineFrom(now, context.callbackWindowMs, this.settings.timeScale);
    const generation = this.cost.priced(result.generation);
    return { type: 'recordGeneration', generation, output: result.output, at, callbackDeadline };
  }
}

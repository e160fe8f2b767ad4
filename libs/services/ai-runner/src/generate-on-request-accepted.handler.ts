import { HeadraceSettings } from '@headrace/config';
import { aiRunnerConsumer, requestAccepted } from '@headrace/contracts';
import { callbackDeadlineFrom, failureBecause, requestDecider, type RequestCommand } from '@headrace/domain';
import { EVENT_LOG, handleCommand, Handles, PermanentFailure, type Delivery, type EventLog } from '@headrace/event-log';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { GenerationRunner, type AcceptedEvent, type GenerationResult } from './generation-runner.js';

/** Gets the AI's answer for each accepted request, and has the request decide what follows from it. */
@Injectable()
export class GenerateOnRequestAcceptedHandler {
  private readonly logger = new Logger('ai-runner');

  constructor(
    @Inject(EVENT_LOG) private readonly log: EventLog,
    private readonly runner: GenerationRunner,
    private readonly settings: HeadraceSettings,
  ) {}

  /** May call a provider twice when a process dies in between; whatever happens, the request is decided once. */
  @Handles(aiRunnerConsumer, requestAccepted)
  async generate(event: AcceptedEvent, delivery: Delivery): Promise<void> {
    if (delivery.count > 1 && (await this.isDecided(event))) return;
    try {
      await this.decide(event, this.commandFor(event, await this.runner.run(event, delivery.signal)));
    } catch (error) {
      const isOver = error instanceof PermanentFailure || delivery.isLast;
      if (!isOver || delivery.signal.aborted) throw error;
      // A request must not stay open because its answer cannot be had or stored: it ends with the reason.
      const { project, channel } = event.address;
      this.logger.error({ msg: 'Generation given up', project, channel, err: error });
      const reason = error instanceof PermanentFailure ? error.message : 'The request could not be processed.';
      await this.decide(event, this.commandFor(event, { generation: null, failure: failureBecause(reason) }));
    }
  }

  private async isDecided({ address, sequence }: AcceptedEvent): Promise<boolean> {
    const last = await this.log.last(address);
    return last !== undefined && last.sequence !== sequence;
  }

  private commandFor({ data: { context } }: AcceptedEvent, result: GenerationResult): RequestCommand {
    const now = Date.now();
    const at = new Date(now).toISOString();
    if ('failure' in result) {
      const { generation, failure } = result;
      return { type: 'recordGenerationFailure', generation, ...failure, at };
    }
    const callbackDeadline = callbackDeadlineFrom(now, context.callbackWindowMs, this.settings.timeScale);
    return { type: 'recordGeneration', generation: result.generation, output: result.output, at, callbackDeadline };
  }

  private async decide(event: AcceptedEvent, command: RequestCommand): Promise<void> {
    const { id, traceParent, sequence } = event;
    // The event in hand is the whole state: no read unless somebody else (a cancel) was first.
    const state = requestDecider.evolve(requestDecider.initialState(), { type: 'request.accepted', data: event.data });
    await handleCommand(this.log, requestDecider, event.address, command, {
      known: { state, revision: sequence },
      cause: { id, traceParent },
    });
  }
}

import type { AggregateAddress } from '@headrace/contracts';
import { isOfThisRound, requestDecider, type RequestState } from '@headrace/domain';
import { EVENT_LOG, handleCommand, stateAfter, type EventLog } from '@headrace/event-log';
import { ApiError, missingChannel } from '@headrace/http';
import type { ProjectConfiguration } from '@headrace/project-store';
import { Inject, Injectable } from '@nestjs/common';
import type { CallbackMessage } from './callback-body.js';
import { verdictOn, type CallbackVerdict } from './callback-verdict.js';
import { nextStageOf } from './next-stage.js';

/** A callback, and the round that its address names. */
export interface ReceivedCallback extends CallbackMessage {
  readonly round: number | undefined;
}

/** What became of a callback; `round` is the one that it began, if it did not end the request. */
export type CallbackOutcome = { readonly outcome: 'taken'; readonly round?: number } | CallbackVerdict;

/** Has requests decide what follows from callbacks. */
@Injectable()
export class CallbackTaker {
  constructor(@Inject(EVENT_LOG) private readonly log: EventLog) {}

  /** Errors: `not_found` and `permission_error` for the channel, `model_not_found` for the next workflow. */
  async take(project: ProjectConfiguration, channel: string, received: ReceivedCallback): Promise<CallbackOutcome> {
    const { callback, goOn, round } = received;
    const address = { project: project.id, channel, aggregate: 'request' };
    const stage = goOn && nextStageOf(project, goOn);
    if (goOn && !stage) return this.withoutStage(address, received);
    const { event, state } = await handleCommand(this.log, requestDecider, address, {
      type: 'receiveCallback',
      callback,
      ...(round === undefined ? {} : { round }),
      ...(stage && { stage }),
      at: callback.receivedAt,
    });
    if (event) return { outcome: 'taken', ...(event.type === 'request.continued' && { round: event.data.round }) };
    return this.verdict(address, state, received);
  }

  /** The next workflow is not there: an error, unless this callback was taken when it still was. */
  private async withoutStage(address: AggregateAddress, received: ReceivedCallback): Promise<CallbackOutcome> {
    const last = await this.log.last(address);
    const state = last ? stateAfter(requestDecider, last) : requestDecider.initialState();
    const { callback, round } = received;
    if (state.status !== 'generated' || !isOfThisRound(state.context, callback.fingerprint, round)) {
      return this.verdict(address, state, received);
    }
    const name = callback.continueWith ?? '';
    throw new ApiError('model_not_found', `There is no workflow "${name}". Create it, or name one that exists.`, {
      details: [{ param: 'continue.workflow', message: `The project has no workflow "${name}".` }],
    });
  }

  private async verdict(
    { project, channel }: AggregateAddress,
    state: RequestState,
    { callback, round }: ReceivedCallback,
  ): Promise<CallbackVerdict> {
    return state.status === 'none' ? missingChannel(this.log, project, channel) : verdictOn(state, callback, round);
  }
}

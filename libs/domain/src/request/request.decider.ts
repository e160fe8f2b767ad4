import type { CallbackRecord, RequestEvent } from '@headrace/contracts';
import { neverReached, type Decider } from '../decider.js';
import { callsTooManyTools, continuedWithResults, continuedWithStage } from './continue-request.js';
import type { RequestCommand } from './request.commands.js';
import { isOfThisRound, progressOf } from './request.progress.js';
import { isAsked, type AskedState, type RequestState } from './request.state.js';
import { toolCallsOf } from './tool-calls.js';

type Generated = Extract<RequestState, { status: 'generated' }>;

/**
 * The life of a request: none → accepted → (generated → (continued → generated …) →) completed | failed.
 * Whatever commands come, in any order and any number of times, it ends at most once.
 */
export const requestDecider: Decider<RequestState, RequestCommand, RequestEvent> = {
  initialState: () => ({ status: 'none' }),
  decide,
  evolve,
};

function decide(command: RequestCommand, state: RequestState): RequestEvent | undefined {
  switch (command.type) {
    case 'accept':
      return state.status === 'none' ? { type: 'request.accepted', data: command.accepted } : undefined;
    case 'recordGeneration':
      return isAsked(state) ? generationDecided(command, state) : undefined;
    case 'recordGenerationFailure':
      return isAsked(state) ? generationFailed(command, state) : undefined;
    case 'receiveCallback':
      // A callback wins for as long as no timeout is recorded, even past the deadline: a result that
      // nobody has been told is lost is better kept.
      return state.status === 'generated' ? callbackDecided(command, state) : undefined;
    case 'expireCallback':
      return state.status === 'generated' && command.at >= state.callbackDeadline
        ? callbackExpired(command.at, state)
        : undefined;
    case 'cancel':
      return isAsked(state) || state.status === 'generated' ? cancelled(command.at, state) : undefined;
    default:
      return neverReached(command);
  }
}

function evolve(_state: RequestState, event: RequestEvent): RequestState {
  switch (event.type) {
    case 'request.accepted':
      return { status: 'accepted', ...event.data };
    case 'request.generated':
      return { status: 'generated', ...event.data };
    case 'request.continued':
      return { status: 'continued', ...event.data };
    case 'request.completed':
      return { status: 'completed', ...event.data };
    case 'request.failed':
      return { status: 'failed', ...event.data };
    default:
      return neverReached(event);
  }
}

function generationDecided(
  { generation, output, at, callbackDeadline }: Extract<RequestCommand, { type: 'recordGeneration' }>,
  { context, plan, messages }: AskedState,
): RequestEvent {
  if (context.eventName === null) {
    return { type: 'request.completed', data: { context, generation, output, callback: null, completedAt: at } };
  }
  if (callsTooManyTools(context, plan, output)) {
    const rounds = progressOf(context).toolRounds;
    const message = `The model called tools again after ${rounds} rounds of results, as many as its workflow allows.`;
    const end = { code: 'tool_rounds_exceeded', message, details: { rounds }, callback: null, failedAt: at } as const;
    return { type: 'request.failed', data: { context, generation, output, ...end } };
  }
  const conversation = toolCallsOf(output).length > 0 ? { conversation: { plan, messages } } : {};
  return {
    type: 'request.generated',
    data: { context, generation, output, generatedAt: at, callbackDeadline, ...conversation },
  };
}

function generationFailed(
  {
    generation,
    code = 'provider_failed',
    message,
    details,
    at,
  }: Extract<RequestCommand, { type: 'recordGenerationFailure' }>,
  { context }: AskedState,
): RequestEvent {
  return {
    type: 'request.failed',
    data: {
      context,
      code,
      message,
      details,
      generation,
      output: null,
      callback: null,
      failedAt: at,
    },
  };
}

function callbackDecided(
  { callback, round, stage }: Extract<RequestCommand, { type: 'receiveCallback' }>,
  state: Generated,
): RequestEvent | undefined {
  if (!isOfThisRound(state.context, callback.fingerprint, round)) return undefined;
  if (callback.error !== null) return callbackReceived(callback, state);
  if (callback.toolResults) return asContinued(continuedWithResults(state, callback));
  if (stage) return asContinued(continuedWithStage(state, callback, stage));
  return callbackReceived(callback, state);
}

const asContinued = (data: Extract<RequestEvent, { type: 'request.continued' }>['data'] | undefined) =>
  data && ({ type: 'request.continued', data } as const);

function callbackReceived(callback: CallbackRecord, { context, generation, output }: Generated): RequestEvent {
  if (callback.error === null) {
    return {
      type: 'request.completed',
      data: { context, generation, output, callback, completedAt: callback.receivedAt },
    };
  }
  return {
    type: 'request.failed',
    data: {
      context,
      code: 'callback_error',
      message: callback.error.message,
      details: { error: callback.error.code },
      generation,
      output,
      callback,
      failedAt: callback.receivedAt,
    },
  };
}

function callbackExpired(at: string, { context, generation, output, callbackDeadline }: Generated): RequestEvent {
  return {
    type: 'request.failed',
    data: {
      context,
      code: 'callback_timeout',
      message: `The backend did not call back by ${callbackDeadline}.`,
      details: { callback_deadline: callbackDeadline },
      generation,
      output,
      callback: null,
      failedAt: at,
    },
  };
}

function cancelled(at: string, state: AskedState | Generated): RequestEvent {
  return {
    type: 'request.failed',
    data: {
      context: state.context,
      code: 'cancelled',
      message: 'The request was cancelled.',
      details: {},
      generation: state.status === 'generated' ? state.generation : null,
      output: state.status === 'generated' ? state.output : null,
      callback: null,
      failedAt: at,
    },
  };
}

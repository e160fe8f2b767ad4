import type { CallbackRecord, RequestEvent } from '@headrace/contracts';
import { neverReached, type Decider } from '../decider.js';
import type { RequestCommand } from './request.commands.js';
import type { RequestState } from './request.state.js';

type Generated = Extract<RequestState, { status: 'generated' }>;

/**
 * The life of a request: none → accepted → (generated →) completed | failed.
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
      return state.status === 'accepted' ? generationDecided(command, state) : undefined;
    case 'recordGenerationFailure':
      return state.status === 'accepted' ? generationFailed(command, state) : undefined;
    case 'receiveCallback':
      // A callback wins for as long as no timeout is recorded, even past the deadline: a result that
      // nobody has been told is lost is better kept.
      return state.status === 'generated' ? callbackReceived(command.callback, state) : undefined;
    case 'expireCallback':
      return state.status === 'generated' && command.at >= state.callbackDeadline
        ? callbackExpired(command.at, state)
        : undefined;
    case 'cancel':
      return state.status === 'accepted' || state.status === 'generated' ? cancelled(command.at, state) : undefined;
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
  { context }: Extract<RequestState, { status: 'accepted' }>,
): RequestEvent {
  return context.eventName === null
    ? { type: 'request.completed', data: { context, generation, output, callback: null, completedAt: at } }
    : { type: 'request.generated', data: { context, generation, output, generatedAt: at, callbackDeadline } };
}

function generationFailed(
  {
    generation,
    code = 'provider_failed',
    message,
    details,
    at,
  }: Extract<RequestCommand, { type: 'recordGenerationFailure' }>,
  { context }: Extract<RequestState, { status: 'accepted' }>,
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

function cancelled(at: string, state: Extract<RequestState, { status: 'accepted' | 'generated' }>): RequestEvent {
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

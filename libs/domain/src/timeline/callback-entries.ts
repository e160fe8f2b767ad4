import { isJsonObject, type CallbackRecord, type JsonObject, type RequestFailureCode } from '@headrace/contracts';
import { requestEvents } from './request-entries.js';
import type { CallbackEntry } from './timeline-entry.js';
import { ofType, type KnownEvent, type KnownEventOf } from './timeline-event.js';

type Continued = KnownEventOf<'request.continued'>;

/**
 * The callback that ended a round of the request, or the wait for it, and those that were refused. `next`: how the
 * round ended when the request went on.
 */
export function callbackEntries(events: readonly KnownEvent[], next: Continued | undefined): CallbackEntry[] {
  const decisive = decisiveCallback(events, next);
  return [...(decisive ? [decisive] : []), ...ofType(events, 'callback.refused').map(refusedCallback)];
}

function decisiveCallback(events: readonly KnownEvent[], next: Continued | undefined): CallbackEntry | undefined {
  const decisions = requestEvents(events);
  const [generated] = ofType(decisions, 'request.generated');
  const [end] = ofType(decisions, 'request.completed', 'request.failed');
  const deadline = generated?.data.callbackDeadline ?? null;
  if (next) return receivedCallback(next.data.callback, deadline);
  if (end?.data.callback) return receivedCallback(end.data.callback, deadline);
  if (end?.type === 'request.failed' && generated) return missingCallback(end, deadline);
  if (!generated || end) return undefined;
  return { ...nothing, status: 'progress', color: 'blue', at: generated.data.generatedAt, accepted: true, deadline };
}

const nothing = {
  kind: 'callback',
  duration_ms: null,
  task_id: null,
  data: null,
  metadata: null,
  tool_results: null,
  continue_with: null,
  error: null,
} as const;

function receivedCallback(callback: CallbackRecord, deadline: string | null): CallbackEntry {
  const failed = callback.error !== null;
  return {
    ...nothing,
    status: failed ? 'error' : callback.simulated ? 'simulated' : 'success',
    color: failed ? 'red' : 'green',
    at: callback.receivedAt,
    accepted: true,
    deadline,
    task_id: callback.taskId,
    data: callback.data,
    metadata: callback.metadata,
    tool_results:
      callback.toolResults?.map(({ toolCallId, content }) => ({ tool_call_id: toolCallId, content })) ?? null,
    continue_with: callback.continueWith ?? null,
    error: callback.error,
  };
}

/** The request failed while its callback was awaited: the window closed, or somebody cancelled it. */
function missingCallback({ data }: KnownEventOf<'request.failed'>, deadline: string | null): CallbackEntry {
  return {
    ...nothing,
    ...(unansweredStatus[data.code] ?? { status: 'error', color: 'red' }),
    at: data.failedAt,
    accepted: true,
    deadline,
    error: { code: data.code, message: data.message },
  };
}

const unansweredStatus: Readonly<Partial<Record<RequestFailureCode, Pick<CallbackEntry, 'status' | 'color'>>>> = {
  callback_timeout: { status: 'timeout', color: 'red' },
  cancelled: { status: 'cancelled', color: 'gray' },
};

function refusedCallback({ data }: KnownEventOf<'callback.refused'>): CallbackEntry {
  return {
    ...nothing,
    status: 'error',
    color: 'red',
    at: data.receivedAt,
    accepted: false,
    deadline: null,
    task_id: typeof data.body['task_id'] === 'string' ? data.body['task_id'] : null,
    data: objectOf(data.body['data']),
    metadata: objectOf(data.body['metadata']),
    error: { code: data.code, message: refusals[data.code] },
  };
}

const refusals = {
  callback_already_received: 'Another callback had decided the request.',
  callback_expired: 'The callback came after its window.',
  callback_not_expected: 'The request awaits no callback.',
} as const;

const objectOf = (value: JsonObject[string] | undefined): JsonObject | null => (isJsonObject(value) ? value : null);

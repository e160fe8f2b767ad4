import type { CallbackRecord, CallbackRefusalCode, ErrorDetail } from '@headrace/contracts';
import {
  isLastStage,
  mostStages,
  progressOf,
  toolCallsOf,
  toolResultViolations,
  type RequestState,
} from '@headrace/domain';

/** How a callback that changed nothing is answered. */
export type CallbackVerdict =
  /** It was taken before: it ended the request, or only one of its rounds. */
  | { readonly outcome: 'repeated'; readonly ended: boolean }
  | { readonly outcome: 'refused'; readonly code: CallbackRefusalCode; readonly message: string }
  /** It does not fit what the request waits for; it may be mended and sent again. */
  | { readonly outcome: 'invalid'; readonly details: readonly ErrorDetail[] };

type Known = Exclude<RequestState, { status: 'none' }>;

/**
 * Why a request did not take a callback (CONTRACT section 5): it has this very one already, it has another one,
 * its window is over, it never waited for one, or what it waits for is something else.
 */
export function verdictOn(state: Known, callback: CallbackRecord, round?: number): CallbackVerdict {
  return verdictOnEarlierRound(state, callback, round) ?? verdictOnLastRound(state, callback);
}

/** Undefined for a callback of the round that runs or was the last. */
function verdictOnEarlierRound(
  { context }: Known,
  { fingerprint }: CallbackRecord,
  round: number | undefined,
): CallbackVerdict | undefined {
  const { round: current, answered } = progressOf(context);
  if (round === undefined) return answered.includes(fingerprint) ? repeated(false) : undefined;
  if (round === current) return undefined;
  if (round > current) return notExpected(`Round ${round} has not begun; the request is in round ${current}.`);
  return answered[round] === fingerprint
    ? repeated(false)
    : refused(
        'callback_already_received',
        `Round ${round} has had its callback; the request is in round ${current}. Use the callback_url of its webhook.`,
      );
}

function verdictOnLastRound(state: Known, callback: CallbackRecord): CallbackVerdict {
  switch (state.status) {
    case 'accepted':
    case 'continued':
      return notExpected(
        'The AI has not answered yet, so no callback is expected. Call back when the webhook has come.',
      );
    case 'completed':
      return state.callback === null
        ? notExpected('The request is not event-driven; it has ended with the AI answer.')
        : alreadyReceived(state.callback, callback);
    case 'failed':
      if (state.callback) return alreadyReceived(state.callback, callback);
      return state.code === 'callback_timeout'
        ? refused('callback_expired', `The callback window ended at ${state.failedAt}; the request has failed.`)
        : notExpected(`The request has failed (${state.code}); no callback is expected any more.`);
    case 'generated':
      return { outcome: 'invalid', details: misfits(state, callback) };
  }
}

const fromBefore = 'The model answered before tool results could be sent. Send data or an error instead.';

/** Why a request that waits does not go on with a callback. */
function misfits(
  { context, output }: Extract<Known, { status: 'generated' }>,
  callback: CallbackRecord,
): ErrorDetail[] {
  if (callback.toolResults) {
    const violations = toolResultViolations(toolCallsOf(output), callback.toolResults);
    return violations.length > 0 ? violations : [{ param: 'tool_results', message: fromBefore }];
  }
  if (callback.continueWith !== undefined && isLastStage(context)) {
    const message = `The request has run through ${mostStages} workflows, as many as it may. Send data or an error.`;
    return [{ param: 'continue', message }];
  }
  // A waiting request takes every other callback; that it did not is a bug of ours.
  throw new Error('A request that waits for a callback did not take it');
}

function alreadyReceived(first: CallbackRecord, { fingerprint }: CallbackRecord): CallbackVerdict {
  return first.fingerprint === fingerprint
    ? repeated(true)
    : refused('callback_already_received', `Another callback has decided this request at ${first.receivedAt}.`);
}

const repeated = (ended: boolean): CallbackVerdict => ({ outcome: 'repeated', ended });
const refused = (code: CallbackRefusalCode, message: string): CallbackVerdict => ({
  outcome: 'refused',
  code,
  message,
});
const notExpected = (message: string): CallbackVerdict => refused('callback_not_expected', message);

import type { CallbackRecord, CallbackRefusalCode } from '@headrace/contracts';
import type { RequestState } from '@headrace/domain';

/** How a callback that changed nothing is answered. */
export type CallbackVerdict =
  | { readonly outcome: 'repeated' }
  | { readonly outcome: 'refused'; readonly code: CallbackRefusalCode; readonly message: string };

/**
 * Why a request did not take a callback (CONTRACT section 5): it has this very one already, it has another one,
 * its window is over, or it never waited for one.
 */
export function verdictOn(state: Exclude<RequestState, { status: 'none' }>, fingerprint: string): CallbackVerdict {
  switch (state.status) {
    case 'accepted':
      return notExpected(
        'The AI has not answered yet, so no callback is expected. Call back when the webhook has come.',
      );
    case 'completed':
      return state.callback === null
        ? notExpected('The request is not event-driven; it has ended with the AI answer.')
        : alreadyReceived(state.callback, fingerprint);
    case 'failed':
      if (state.callback) return alreadyReceived(state.callback, fingerprint);
      return state.code === 'callback_timeout'
        ? refused('callback_expired', `The callback window ended at ${state.failedAt}; the request has failed.`)
        : notExpected(`The request has failed (${state.code}); no callback is expected any more.`);
    case 'generated':
      // A waiting request takes every callback; that it did not is a bug of ours.
      throw new Error('A request that waits for a callback did not take it');
  }
}

function alreadyReceived(first: CallbackRecord, fingerprint: string): CallbackVerdict {
  return first.fingerprint === fingerprint
    ? { outcome: 'repeated' }
    : refused('callback_already_received', `Another callback has decided this request at ${first.receivedAt}.`);
}

const refused = (code: CallbackRefusalCode, message: string): CallbackVerdict => ({
  outcome: 'refused',
  code,
  message,
});
const notExpected = (message: string): CallbackVerdict => refused('callback_not_expected', message);

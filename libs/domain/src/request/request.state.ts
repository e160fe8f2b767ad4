import type {
  DataOf,
  requestAccepted,
  requestCompleted,
  requestContinued,
  requestFailed,
  requestGenerated,
} from '@headrace/contracts';

/** Where a request stands. `completed` and `failed` are its end states. */
export type RequestState =
  | { readonly status: 'none' }
  | ({ readonly status: 'accepted' } & DataOf<typeof requestAccepted>)
  /** Like `accepted`: the AI is asked, once more. */
  | ({ readonly status: 'continued' } & DataOf<typeof requestContinued>)
  | ({ readonly status: 'generated' } & DataOf<typeof requestGenerated>)
  | ({ readonly status: 'completed' } & DataOf<typeof requestCompleted>)
  | ({ readonly status: 'failed' } & DataOf<typeof requestFailed>);

/** A request whose answer the AI is to give. */
export type AskedState = Extract<RequestState, { status: 'accepted' | 'continued' }>;

/** Whether a request waits for an answer of the AI. */
export const isAsked = (state: RequestState): state is AskedState =>
  state.status === 'accepted' || state.status === 'continued';

/** Whether nothing more can happen to the request. */
export const hasEnded = (state: RequestState): boolean => state.status === 'completed' || state.status === 'failed';

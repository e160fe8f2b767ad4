import type { DataOf, requestAccepted, requestCompleted, requestFailed, requestGenerated } from '@headrace/contracts';

/** Where a request stands. `completed` and `failed` are its end states. */
export type RequestState =
  | { readonly status: 'none' }
  | ({ readonly status: 'accepted' } & DataOf<typeof requestAccepted>)
  | ({ readonly status: 'generated' } & DataOf<typeof requestGenerated>)
  | ({ readonly status: 'completed' } & DataOf<typeof requestCompleted>)
  | ({ readonly status: 'failed' } & DataOf<typeof requestFailed>);

/** Whether nothing more can happen to the request. */
export const hasEnded = (state: RequestState): boolean => state.status === 'completed' || state.status === 'failed';

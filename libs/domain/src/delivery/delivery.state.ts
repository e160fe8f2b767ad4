import type {
  DataOf,
  deliveryAttempted,
  deliveryDeadLettered,
  deliveryPlanned,
  deliverySucceeded,
} from '@headrace/contracts';

/** Where a delivery stands. `succeeded` and `deadLettered` are its end states. */
export type DeliveryState =
  | { readonly status: 'none' }
  | ({ readonly status: 'planned' } & DataOf<typeof deliveryPlanned>)
  | ({ readonly status: 'retrying' } & DataOf<typeof deliveryAttempted>)
  | ({ readonly status: 'succeeded' } & DataOf<typeof deliverySucceeded>)
  | ({ readonly status: 'deadLettered' } & DataOf<typeof deliveryDeadLettered>);

/** Number of the attempt to make next, from 1; undefined when there is none to make. */
export function nextAttemptOf(state: DeliveryState): number | undefined {
  if (state.status === 'planned') return 1;
  return state.status === 'retrying' ? state.attempt.number + 1 : undefined;
}

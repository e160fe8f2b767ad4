/** A delivery whose attempt was due and could not be made. */
export interface WaitingDelivery {
  readonly channel: string;
  readonly id: string;
  readonly revision: number;
  /** Number of the attempt to make, from 1. */
  readonly attempt: number;
}

/** Finds the deliveries that wait for an endpoint; off the hot path. */
export interface WaitingDeliveries {
  /** Hands them over page by page; resolves to false when another process is at it. */
  eachWaitingDelivery(
    query: { readonly project: string; readonly endpointId: string; readonly dueBefore: Date },
    take: (deliveries: readonly WaitingDelivery[]) => Promise<void>,
  ): Promise<boolean>;
}

/** Injection token of the process's waiting deliveries. */
export const WAITING_DELIVERIES = Symbol('WaitingDeliveries');

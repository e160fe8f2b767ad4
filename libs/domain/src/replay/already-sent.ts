/** A delivery that was made of a dead letter, or of a letter that was made of it, and so on. */
export interface LaterDelivery {
  readonly deliveryId: string;
  readonly endpointId: string;
  readonly status: string;
  /** Whether it is a dead letter of the same replay, which then sends the payload. */
  readonly isInReplay: boolean;
}

/** Why a letter of a bulk replay needs no further delivery. */
export type AlreadySent = 'already_replayed' | 'replay_in_progress' | 'superseded';

/**
 * Whether an endpoint got a dead letter's payload by a later delivery, or will: a replay of many letters must not
 * bring it twice. Undefined: it did not.
 */
export function alreadySent(later: readonly LaterDelivery[], endpointId: string): AlreadySent | undefined {
  const toEndpoint = later.filter((delivery) => delivery.endpointId === endpointId);
  if (toEndpoint.some(({ status }) => status === 'success')) return 'already_replayed';
  if (toEndpoint.some(({ status }) => status !== 'error')) return 'replay_in_progress';
  return toEndpoint.some(({ isInReplay }) => isInReplay) ? 'superseded' : undefined;
}

import {
  isAdHocEndpoint,
  isListenerEndpoint,
  listenerUrl,
  type DataOf,
  type deliveryPlanned,
} from '@headrace/contracts';

type Planned = DataOf<typeof deliveryPlanned>;

/** What matters of an endpoint for a replay. */
export interface ReplayTarget {
  readonly id: string;
  readonly url: string;
  readonly active: boolean;
}

/** Why no delivery can be made of a dead letter: a code for machines, a sentence for people. */
export interface ReplayRefusal {
  readonly reason: 'endpoint_removed' | 'endpoint_disabled';
  readonly message: string;
}

/** A delivery to be appended, or why none can be made. */
export type ReplayPlan =
  | { readonly planned: Planned; readonly refusal?: undefined }
  | { readonly planned?: undefined; readonly refusal: ReplayRefusal };

/** What a replay is made with. */
export interface ReplayMaking {
  readonly deliveryId: string;
  readonly now: Date;
  /** Another endpoint of the project; null: the letter's own. */
  readonly toEndpointId: string | null;
}

/**
 * The delivery that sends a dead letter once more: another delivery id, the same message id and bytes. It goes to
 * the URL that the endpoint has now, because a wrong one is what many replays follow from. Its filter of types does
 * not matter: somebody asks for this one. It waits in no lane: what came after the letter has gone ahead already.
 */
export function planReplay(
  letter: Planned,
  endpoints: readonly ReplayTarget[],
  { deliveryId, now, toEndpointId }: ReplayMaking,
): ReplayPlan {
  const { lane: _, ...payload } = letter;
  const replay = { ...payload, deliveryId, plannedAt: now.toISOString(), replayOf: letter.deliveryId };
  if (toEndpointId === null && isAdHocEndpoint(letter.endpointId)) return { planned: replay };
  const endpointId = toEndpointId ?? letter.endpointId;
  // Only the attempt can know whether somebody still listens there.
  if (isListenerEndpoint(endpointId)) return { planned: { ...replay, endpointId, url: listenerUrl(endpointId) } };
  const endpoint = endpoints.find(({ id }) => id === endpointId);
  if (!endpoint) return { refusal: endpointRemoved };
  if (!endpoint.active) return { refusal: endpointDisabled };
  return { planned: { ...replay, endpointId: endpoint.id, url: endpoint.url } };
}

const endpointRemoved: ReplayRefusal = {
  reason: 'endpoint_removed',
  message: 'The endpoint was removed, so nothing can be sent to it any more.',
};

const endpointDisabled: ReplayRefusal = {
  reason: 'endpoint_disabled',
  message: 'The endpoint is switched off. Switch it on, then replay.',
};

import { isAdHocEndpoint, type DataOf, type deliveryPlanned } from '@headrace/contracts';

type Planned = DataOf<typeof deliveryPlanned>;

/** What matters of an endpoint for a replay. */
export interface ReplayTarget {
  readonly id: string;
  readonly url: string;
  readonly active: boolean;
}

/** A delivery to be appended, or why none can be made. */
export type ReplayPlan =
  | { readonly planned: Planned; readonly refusal?: undefined }
  | { readonly planned?: undefined; readonly refusal: string };

/**
 * The delivery that sends a dead letter once more: another delivery id, the same message id and bytes. It goes to
 * the URL that the endpoint has now, because a wrong one is what many replays follow from. Its filter of types does
 * not matter: somebody asks for this one.
 */
export function planReplay(
  letter: Planned,
  endpoints: readonly ReplayTarget[],
  { deliveryId, now }: { readonly deliveryId: string; readonly now: Date },
): ReplayPlan {
  const replay = { ...letter, deliveryId, plannedAt: now.toISOString(), replayOf: letter.deliveryId };
  if (isAdHocEndpoint(letter.endpointId)) return { planned: replay };
  const endpoint = endpoints.find(({ id }) => id === letter.endpointId);
  if (!endpoint) {
    return { refusal: 'The endpoint of this dead letter was removed, so nothing can be sent to it any more.' };
  }
  if (!endpoint.active) {
    return { refusal: 'The endpoint of this dead letter is switched off. Switch it on, then replay.' };
  }
  return { planned: { ...replay, url: endpoint.url } };
}

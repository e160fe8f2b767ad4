import type { LaneEvent } from '@headrace/contracts';
import { neverReached } from '../decider.js';

/** A delivery that waits in a lane. */
export interface LaneEntry {
  readonly deliveryId: string;
  /** The request that it is a delivery of. */
  readonly channel: string;
}

/** An entry with the place in the log at which it was queued. */
export interface LanePlace extends LaneEntry {
  readonly place: number;
}

/** Whose turn it is in a lane, and where its line ends; undefined when nobody waits. */
export type LaneState = { readonly head: LanePlace; readonly tail: number } | undefined;

/**
 * The state of a lane after its last event, which is at `place` in the log. No event holds the line itself: it is
 * in the log, as the `lane.queued` events from the head's place to the tail's.
 */
export function laneAfter(event: LaneEvent, place: number): LaneState {
  switch (event.type) {
    case 'lane.queued': {
      const { head } = event.data;
      return { head: { ...head, place: head.place ?? place }, tail: place };
    }
    case 'lane.advanced': {
      const { head, tail } = event.data;
      return head === null || tail === null ? undefined : { head: { ...head, place: head.place ?? place }, tail };
    }
    default:
      return neverReached(event);
  }
}

/** A delivery joins the end. In an empty lane it is its turn at once. */
export function joinLane(state: LaneState, { deliveryId, channel }: LaneEntry): LaneEvent {
  const head = state?.head ?? { deliveryId, channel, place: null };
  return { type: 'lane.queued', data: { deliveryId, channel, head } };
}

/**
 * The head leaves and it is the turn of `next`, the entry behind it; undefined when nobody is behind. Nothing
 * follows when it has left already.
 */
export function leaveLane(state: LaneState, deliveryId: string, next: LanePlace | undefined): LaneEvent | undefined {
  if (state?.head.deliveryId !== deliveryId) return undefined;
  const [head, tail] = next ? [next, state.tail] : [null, null];
  return { type: 'lane.advanced', data: { left: deliveryId, head, tail } };
}

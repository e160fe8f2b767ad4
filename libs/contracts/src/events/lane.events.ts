import { Type, type Static } from '@sinclair/typebox';
import { defineEvent, type EventOf } from '../event.js';
import { Nullable } from '../schema/json.js';

/*
 * A lane keeps order: the deliveries of one endpoint with the same value under its `fifo_key`, one after another.
 * Its channel is the endpoint's id, its key a digest of the value. A place of null in an event is the event's own.
 */

/** The delivery whose turn it is. */
export const LaneHead = Type.Object({
  deliveryId: Type.String(),
  /** The request that it is a delivery of. */
  channel: Type.String(),
  /** Place in the log of the event that queued it; null: this very event. */
  place: Nullable(Type.Integer()),
});
export type LaneHead = Static<typeof LaneHead>;

export const laneQueued = defineEvent({
  type: 'lane.queued',
  description: 'A delivery joined the end of its lane. It is its turn when it is the head.',
  keyed: true,
  schema: Type.Object({
    deliveryId: Type.String(),
    /** The request that it is a delivery of. */
    channel: Type.String(),
    head: LaneHead,
  }),
});

export const laneAdvanced = defineEvent({
  type: 'lane.advanced',
  description: 'The head of a lane ended, well or as a dead letter, and it is the turn of the next.',
  keyed: true,
  schema: Type.Object({
    /** The delivery that left. */
    left: Type.String(),
    /** Null: nobody waits. */
    head: Nullable(LaneHead),
    /** Place in the log of the event that queued the last one who waits; null: nobody waits. */
    tail: Nullable(Type.Integer()),
  }),
});

/** The events of one lane; the last one tells whose turn it is. */
export type LaneEvent = EventOf<typeof laneQueued> | EventOf<typeof laneAdvanced>;

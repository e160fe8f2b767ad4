import { Type, type Static, type TObject } from '@sinclair/typebox';
import { compileSchema, type SchemaViolation } from './schema/compile-schema.js';

/** A kind of timer, declared once: what it is for and what it carries until it fires. */
export interface TimerDefinition<Schema extends TObject = TObject> {
  readonly kind: string;
  readonly description: string;
  readonly schema: Schema;
  readonly violations: (data: unknown) => SchemaViolation[];
}

/** What a timer of this definition carries. */
export type TimerData<Definition> = Definition extends TimerDefinition<infer Schema> ? Static<Schema> : never;

function defineTimer<Schema extends TObject>(kind: string, description: string, schema: Schema) {
  return { kind, description, schema, violations: compileSchema(schema) } satisfies TimerDefinition<Schema>;
}

/** Ends the wait for a backend's callback. Key: `deadline`. */
export const callbackDeadlineTimer = defineTimer(
  'callback-deadline',
  'The callback window of an event-driven request is over; the decider says whether that still matters.',
  Type.Object({ revision: Type.Integer() }),
);

/** Reminds a backend that its callback is awaited. Key: `reminder`. */
export const callbackReminderTimer = defineTimer(
  'callback-reminder',
  'The callback of an event-driven request is still awaited, if nothing has come since the timer was set.',
  Type.Object({
    /** Revision of the request while it waits for that callback. */
    revision: Type.Integer(),
    /** Which reminder of this wait, from 1. */
    number: Type.Integer({ minimum: 1 }),
  }),
);

/** Starts the next attempt of a delivery. Key: the delivery id. */
export const deliveryRetryTimer = defineTimer(
  'delivery-retry',
  'The next attempt of a webhook delivery is due.',
  Type.Object({
    deliveryId: Type.String(),
    /** Number of the attempt to make, from 1. */
    attempt: Type.Integer({ minimum: 1 }),
    /** Revision of the delivery when the timer was set; the attempt's outcome is appended at it. */
    revision: Type.Integer(),
  }),
);

/** Goes on with a generation that waits: for a provider's retry, or for a place. Key: `generation`. */
export const generationResumeTimer = defineTimer(
  'generation-resume',
  'A generation that waited for its next attempt goes on.',
  Type.Object({
    /** Sequence of the event that asked for the answer; a request that has gone further needs none. */
    revision: Type.Integer(),
  }),
);

/** Looks at a lane in which deliveries wait, in case its head never ends. Channel: the endpoint. Key: the lane's. */
export const laneWatchTimer = defineTimer(
  'lane-watch',
  'A lane in which deliveries wait is looked at: a head that is gone or was given up holds up nobody for ever.',
  Type.Object({
    /** The delivery whose turn it was when the timer was set. */
    head: Type.String(),
    /** How often the lane was found with that head before. */
    round: Type.Integer({ minimum: 0 }),
  }),
);

/** Every kind of timer. */
export const timers = [
  callbackDeadlineTimer,
  callbackReminderTimer,
  deliveryRetryTimer,
  generationResumeTimer,
  laneWatchTimer,
] as const;

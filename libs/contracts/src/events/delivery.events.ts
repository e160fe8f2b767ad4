import { Type, type Static } from '@sinclair/typebox';
import { defineEvent, type EventOf } from '../event.js';
import { Instant, Nullable } from '../schema/json.js';
import { EnvironmentTag } from './shared.schemas.js';
import { webhookTypes, type WebhookType } from '../webhook/webhook-types.js';

/** What every event of a delivery repeats: which payload goes where. */
const target = {
  deliveryId: Type.String(),
  /** Registered endpoint's id; for a request's own `webhook_url` an id derived from the URL. */
  endpointId: Type.String(),
  url: Type.String(),
  webhookType: Type.Unsafe<WebhookType>({ enum: [...webhookTypes] }),
};

const Milliseconds = Type.Number({ minimum: 0 });

/** How long the steps of a try took, in milliseconds with one decimal; null: not made, or not finished. */
export const AttemptTimings = Type.Object({
  /** These three are null on a connection that was open already; the first as well when the host is an address. */
  dnsMs: Nullable(Milliseconds),
  connectMs: Nullable(Milliseconds),
  /** Null as well without TLS. */
  tlsMs: Nullable(Milliseconds),
  /** From the request being on its way to the head of the answer. */
  firstByteMs: Nullable(Milliseconds),
  /** From before DNS to the last byte of the answer. */
  totalMs: Milliseconds,
});
export type AttemptTimings = Static<typeof AttemptTimings>;

/** One HTTP try. */
export const DeliveryAttempt = Type.Object({
  /** From 1. */
  number: Type.Integer({ minimum: 1 }),
  startedAt: Instant,
  durationMs: Type.Integer({ minimum: 0 }),
  /** Null when no answer came. */
  httpStatus: Nullable(Type.Integer()),
  /** Why the try failed (code for machines, message for people); null when it succeeded. */
  error: Nullable(Type.Object({ code: Type.String(), message: Type.String() })),
  /** The start of the answer's body, cut at a limit. */
  responseBody: Nullable(Type.String()),
  /** Whether the answer's body went on after that; left out when it did not. */
  responseTruncated: Type.Optional(Type.Boolean()),
  /** `http/1.1` or `h2`; left out when no answer came. */
  protocol: Type.Optional(Type.String()),
  /** Left out in events from before they were measured, and when nothing was tried. */
  timings: Type.Optional(AttemptTimings),
});
export type DeliveryAttempt = Static<typeof DeliveryAttempt>;

export const deliveryPlanned = defineEvent({
  type: 'delivery.planned',
  description: 'A payload will be sent to an endpoint; its bytes are fixed here for every attempt and replay.',
  keyed: true,
  schema: Type.Object({
    ...target,
    /** `webhook-id` of Standard Webhooks: the same for every attempt and replay of this payload. */
    messageId: Type.String(),
    /** The raw body: serialised once, never parsed and written again. */
    body: Type.String(),
    callbackUrl: Nullable(Type.String()),
    environment: EnvironmentTag,
    plannedAt: Instant,
    /** Id of the dead letter that this delivery sends once more; left out for a delivery of the request itself. */
    replayOf: Type.Optional(Type.String()),
    /** Key of the lane in which it waits for its turn; left out where the endpoint asks for no order. */
    lane: Type.Optional(Type.String()),
  }),
});

export const deliveryAttempted = defineEvent({
  type: 'delivery.attempted',
  description: 'One try failed and another will follow.',
  keyed: true,
  schema: Type.Object({ ...target, attempt: DeliveryAttempt, nextAttemptAt: Instant }),
});

export const deliverySucceeded = defineEvent({
  type: 'delivery.succeeded',
  description: 'The endpoint answered 2xx.',
  keyed: true,
  schema: Type.Object({ ...target, attempt: DeliveryAttempt }),
});

export const deliveryDeadLettered = defineEvent({
  type: 'delivery.dead-lettered',
  description: 'No further attempt will be made; the payload is kept in the dead-letter queue.',
  keyed: true,
  schema: Type.Object({ ...target, attempt: Nullable(DeliveryAttempt), reason: Type.String() }),
});

/** The events of one delivery; exactly one of the last two ends it. */
export type DeliveryEvent =
  | EventOf<typeof deliveryPlanned>
  | EventOf<typeof deliveryAttempted>
  | EventOf<typeof deliverySucceeded>
  | EventOf<typeof deliveryDeadLettered>;

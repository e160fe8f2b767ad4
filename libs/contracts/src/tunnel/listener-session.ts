import { Type, type Static } from '@sinclair/typebox';
import { compileSchema } from '../schema/compile-schema.js';
import { Instant, Nullable } from '../schema/json.js';
import { taskWebhookTypes, webhookTypes, type TaskWebhookType, type WebhookType } from '../webhook/webhook-types.js';

/** What the process that holds a session's socket tells all others; the last one told is what counts. */
export const ListenerSession = Type.Object({
  project: Type.String(),
  /** `lsn_…`: the endpoint id of its deliveries. */
  session: Type.String(),
  /** Names the socket of the moment, a new one at each reconnect; null while there is none. */
  connection: Nullable(Type.String()),
  /** When that socket was opened, or lost. What an older socket's process still says is ignored. */
  since: Instant,
  /** The session is over at this moment unless something newer is told before. */
  until: Instant,
  /** Which webhooks it wants; null: every type. */
  webhookTypes: Nullable(Type.Array(Type.Unsafe<TaskWebhookType>({ enum: [...taskWebhookTypes] }))),
  /** Names of the workflows it wants; null: every one. */
  workflows: Nullable(Type.Array(Type.String())),
});
export type ListenerSession = Static<typeof ListenerSession>;

/** Lists what is wrong with a session that was told. */
export const listenerSessionViolations = compileSchema(ListenerSession);

/** One attempt on its way to the process that holds the session's socket, which signs it. */
export const TunnelDelivery = Type.Object({
  channel: Type.String(),
  deliveryId: Type.String(),
  /** From 1. */
  attempt: Type.Integer({ minimum: 1 }),
  webhookType: Type.Unsafe<WebhookType>({ enum: [...webhookTypes] }),
  messageId: Type.String(),
  body: Type.String(),
  callbackUrl: Nullable(Type.String()),
  traceParent: Type.String(),
  /** How long the local server may take. */
  timeLimitMs: Type.Integer({ minimum: 1 }),
});
export type TunnelDelivery = Static<typeof TunnelDelivery>;

/** Lists what is wrong with a delivery that was sent. */
export const tunnelDeliveryViolations = compileSchema(TunnelDelivery);

/** What became of an attempt through a tunnel. */
export const TunnelOutcome = Type.Union([
  Type.Object({
    kind: Type.Literal('answered'),
    status: Type.Integer(),
    retryAfter: Nullable(Type.String()),
    body: Type.String(),
    durationMs: Type.Integer(),
  }),
  /** The local server gave no answer. */
  Type.Object({
    kind: Type.Literal('failed'),
    code: Type.String(),
    message: Type.String(),
    durationMs: Type.Integer(),
  }),
  /** Nobody can say: there is no socket now, or it was lost meanwhile. The attempt does not count. */
  Type.Object({ kind: Type.Literal('away') }),
]);
export type TunnelOutcome = Static<typeof TunnelOutcome>;

/** Lists what is wrong with an outcome that was answered. */
export const tunnelOutcomeViolations = compileSchema(TunnelOutcome);

import { Type, type Static, type TSchema } from '@sinclair/typebox';
import { compileSchema } from '../schema/compile-schema.js';
import { Nullable } from '../schema/json.js';
import { taskWebhookTypes, type TaskWebhookType } from '../webhook/webhook-types.js';

/*
 * The frames between `headrace listen` and the server, over `GET /v1/listen`: JSON objects, told apart by `type`.
 *
 *   client → hello                     server → welcome | refused
 *   server → webhook                   client → answer | failure, with the webhook's id
 *   client → bye                       the session is over for good
 *
 * `refused` may come at any time and is the last frame before the server closes.
 */

/** Where the tunnel is. */
export const listenPath = '/v1/listen';

/** Bytes of a local answer's body that a client sends on. */
export const answerBodyLimit = 64 * 1_024;

/** The largest client frame in bytes: an answer whose every byte JSON writes as six, with room for the rest. */
export const clientFrameLimit = 6 * answerBodyLimit + 64 * 1_024;

/** Close codes of the tunnel; 1012 (service restart) and everything else mean: connect again. */
export const tunnelCloseCodes = { restart: 1012, refused: 4400, replaced: 4409 } as const;

/** A signing secret of Standard Webhooks: `whsec_` and the base64 of at least 24 bytes. */
export const webhookSecretPattern = /^whsec_[A-Za-z0-9+/]{32,}={0,2}$/;

const Names = Type.Array(Type.String({ minLength: 1, maxLength: 200 }), { minItems: 1, maxItems: 100 });

/** Begins or resumes a session. */
export const HelloFrame = Type.Object({
  type: Type.Literal('hello'),
  protocol: Type.Literal(1),
  /** The session to go on with, as an earlier `welcome` named it. */
  session: Type.Optional(Type.String({ pattern: '^lsn_[A-Za-z0-9_-]{22}$' })),
  /** Signs the session's webhooks; the server makes one when it is left out. Sent again at each reconnect. */
  secret: Type.Optional(Type.String({ pattern: webhookSecretPattern.source, maxLength: 512 })),
  /** Webhook types wanted; all when left out. */
  events: Type.Optional(Type.Array(Type.Unsafe<TaskWebhookType>({ enum: [...taskWebhookTypes] }), { minItems: 1 })),
  /** Workflows wanted; all when left out. */
  workflows: Type.Optional(Names),
});
export type HelloFrame = Static<typeof HelloFrame>;

/** The local server's answer to a webhook. */
export const AnswerFrame = Type.Object({
  type: Type.Literal('answer'),
  id: Type.String({ maxLength: 200 }),
  status: Type.Integer({ minimum: 100, maximum: 599 }),
  retry_after: Nullable(Type.String({ maxLength: 200 })),
  /** Its start as text, `answerBodyLimit` bytes at most. */
  body: Type.String({ maxLength: answerBodyLimit }),
  duration_ms: Type.Integer({ minimum: 0 }),
});
export type AnswerFrame = Static<typeof AnswerFrame>;

/** The local server gave no answer. */
export const FailureFrame = Type.Object({
  type: Type.Literal('failure'),
  id: Type.String({ maxLength: 200 }),
  /** `connection_refused`, `timeout`, … */
  code: Type.String({ pattern: '^[a-z_]{1,40}$' }),
  message: Type.String({ maxLength: 500 }),
  duration_ms: Type.Integer({ minimum: 0 }),
});
export type FailureFrame = Static<typeof FailureFrame>;

/** Ends the session for good. */
export const ByeFrame = Type.Object({ type: Type.Literal('bye') });

/** The session is on. */
export const WelcomeFrame = Type.Object({
  type: Type.Literal('welcome'),
  session: Type.String(),
  /** Whether it is one that went on. */
  resumed: Type.Boolean(),
  /** What the webhooks are signed with. */
  secret: Type.String(),
  project_id: Type.String(),
  /** How often the server pings; a client that hears nothing for longer reconnects. */
  ping_interval_ms: Type.Integer(),
  /** How long a session without a connection is waited for. */
  grace_ms: Type.Integer(),
});
export type WelcomeFrame = Static<typeof WelcomeFrame>;

/** One attempt: what a registered endpoint would be sent. */
export const WebhookFrame = Type.Object({
  type: Type.Literal('webhook'),
  /** Names the attempt: one that comes twice under the same id is answered twice and made once. */
  id: Type.String(),
  webhook_type: Type.String(),
  channel_id: Type.String(),
  delivery_id: Type.String(),
  attempt: Type.Integer(),
  time_limit_ms: Type.Integer(),
  headers: Type.Record(Type.String(), Type.String()),
  /** The raw body; its UTF-8 bytes are what was signed. */
  body: Type.String(),
});
export type WebhookFrame = Static<typeof WebhookFrame>;

/** Why the server ends the connection; there is no use in trying again unchanged. */
export const RefusedFrame = Type.Object({
  type: Type.Literal('refused'),
  code: Type.String(),
  /** The field of `hello` that is wrong; null when it is none. */
  param: Nullable(Type.String()),
  message: Type.String(),
});
export type RefusedFrame = Static<typeof RefusedFrame>;

/** What a client sends. */
export type ClientTunnelFrame = HelloFrame | AnswerFrame | FailureFrame | Static<typeof ByeFrame>;

/** What the server sends. */
export type ServerTunnelFrame = WelcomeFrame | WebhookFrame | RefusedFrame;

/** A frame that is none of the protocol's. */
export class TunnelFrameError extends Error {
  override readonly name = 'TunnelFrameError';
  constructor(
    message: string,
    /** The field that is wrong; null when it is the whole frame. */
    readonly param: string | null = null,
  ) {
    super(message);
  }
}

const fromClient = decoderOf<ClientTunnelFrame>({
  hello: HelloFrame,
  answer: AnswerFrame,
  failure: FailureFrame,
  bye: ByeFrame,
});
const fromServer = decoderOf<ServerTunnelFrame>({
  welcome: WelcomeFrame,
  webhook: WebhookFrame,
  refused: RefusedFrame,
});

/** Reads a client's frame. Throws `TunnelFrameError` that names what is wrong. */
export const decodeClientFrame = (text: string): ClientTunnelFrame => fromClient(text);

/** Reads a server's frame. Throws `TunnelFrameError` that names what is wrong. */
export const decodeServerFrame = (text: string): ServerTunnelFrame => fromServer(text);

function decoderOf<Frame extends { readonly type: string }>(
  schemas: Readonly<Record<Frame['type'], TSchema>>,
): (text: string) => Frame {
  const checks = new Map(Object.entries<TSchema>(schemas).map(([type, schema]) => [type, compileSchema(schema)]));
  return (text) => {
    const frame = parse(text);
    const type = typeof frame === 'object' && frame !== null && 'type' in frame ? frame.type : undefined;
    const check = typeof type === 'string' ? checks.get(type) : undefined;
    if (!check) throw new TunnelFrameError(`A frame's type is one of ${[...checks.keys()].join(', ')}.`, 'type');
    const [violation] = check(frame);
    if (violation) throw wrongField(violation.path, violation.message);
    return frame as Frame;
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new TunnelFrameError('A frame is a JSON object.');
  }
}

/** What people can do about a field of `hello`. */
const hints: Readonly<Record<string, string>> = {
  events: `: choose from ${taskWebhookTypes.join(', ')}`,
  secret: ': give whsec_ and the base64 of at least 24 bytes',
};

function wrongField(path: string, message: string): TunnelFrameError {
  // Of a list's entry the list is named, as it is what people give.
  const param = path.split('/')[1] || null;
  return new TunnelFrameError(`${param ?? 'The frame'} ${message}${hints[param ?? ''] ?? ''}.`, param);
}

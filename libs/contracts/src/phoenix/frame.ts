import type { Json } from '../schema/json.js';

/**
 * What Phoenix channels say, whatever the serializer.
 *
 *   frame      one WebSocket message
 *   topic      what a client joins
 *   join_ref   the client's name for one subscription
 *   ref        the client's name for one of its messages; the reply carries it
 */

/** A ref is opaque: it goes back exactly as it came, a number as a number. */
export type FrameRef = string | number | null;

/** What a client may send as payload: any JSON, or bytes. */
export type FramePayload = Json | Uint8Array;

/** JSON that is already text, so that one value is serialised once for any number of sockets. */
export class PreparedJson {
  constructor(readonly json: string) {}

  /** Serialises a value. */
  static of(value: object): PreparedJson {
    return new PreparedJson(JSON.stringify(value));
  }
}

/** What a server may send as payload. */
export type ServerPayload = FramePayload | PreparedJson;

/** A frame from a client. */
export interface ClientFrame {
  readonly joinRef: FrameRef;
  readonly ref: FrameRef;
  readonly topic: string;
  readonly event: string;
  readonly payload: FramePayload;
}

/** The answer to one client frame. */
export interface ReplyFrame {
  readonly joinRef: FrameRef;
  readonly ref: FrameRef;
  readonly topic: string;
  readonly status: 'ok' | 'error';
  readonly response: ServerPayload;
}

/** A frame to one subscription. `ref` is null, but on `phx_close` and `phx_error` it is the join_ref. */
export interface PushFrame {
  readonly joinRef: FrameRef;
  readonly ref: FrameRef;
  readonly topic: string;
  readonly event: string;
  readonly payload: ServerPayload;
}

/** A frame to everybody on a topic. */
export interface BroadcastFrame {
  readonly topic: string;
  readonly event: string;
  readonly payload: ServerPayload;
}

/** What goes over the socket: text or binary. */
export type EncodedFrame = string | Uint8Array;

/** One version of the wire format. */
export interface Serializer {
  readonly version: '1.0.0' | '2.0.0';
  /** Reads a text or a binary frame. Throws `FrameError`. */
  decode(data: EncodedFrame): ClientFrame;
  encodeReply(frame: ReplyFrame): EncodedFrame;
  encodePush(frame: PushFrame): EncodedFrame;
  encodeBroadcast(frame: BroadcastFrame): EncodedFrame;
}

/** A frame that is none: the socket is closed with code 1011, as Phoenix does. */
export class FrameError extends Error {
  override readonly name = 'FrameError';
}

/** The names that the protocol keeps for itself. */
export const phoenixEvents = {
  join: 'phx_join',
  leave: 'phx_leave',
  reply: 'phx_reply',
  close: 'phx_close',
  error: 'phx_error',
  heartbeat: 'heartbeat',
} as const;

/** The topic of heartbeats; nobody joins it. */
export const phoenixTopic = 'phoenix';

/** The longest ref, topic or event name that is taken: what one length byte of a binary frame can tell. */
export const longestField = 255;

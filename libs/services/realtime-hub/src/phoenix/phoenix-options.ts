import type { IncomingMessage } from 'node:http';
import type { Share, SharesInUse } from '@headrace/http';
import type { ChannelHandler } from './channel-handler.port.js';

/** What a client showed at the upgrade. */
export interface ConnectRequest {
  /** Query parameters. */
  readonly params: URLSearchParams;
  /** Token of the subprotocol form (`base64url.bearer.phx.…`), decoded. */
  readonly authToken?: string;
}

/** Whether a client may connect. A refusal is an HTTP answer, 403 with an empty body if nothing else is said. */
export type ConnectOutcome<Session> =
  { readonly session: Session } | { readonly refuse: { readonly status: number; readonly body?: string } };

/** Bounds of one socket. */
export interface SocketLimits {
  /** Largest frame from a client in bytes; a larger one closes the socket with 1009. */
  readonly maxFrameBytes: number;
  /** Bytes that may wait for a reader that does not read; above them its socket is cut. */
  readonly maxBufferedBytes: number;
  /** Joined topics. */
  readonly maxChannels: number;
  /** Frames from a client within ten seconds, above which its socket is closed with 1008; 0: any number. */
  readonly maxFramesPerTenSeconds: number;
  /** Milliseconds without anything from the client, protocol pings included, before a close with 1002. */
  readonly idleTimeoutMs: number;
}

/** How one mount of a Phoenix server behaves. */
export interface PhoenixOptions<Session> {
  /** Mount path without a slash at the end; clients append `/websocket`. */
  readonly path: string;
  readonly limits: SocketLimits;
  /** Origins that browsers may come from; empty: any. */
  readonly allowedOrigins: readonly string[];
  /** Whether a token may come as subprotocol; then `phoenix` is selected. */
  readonly acceptAuthSubprotocol: boolean;
  /**
   * Whether a leave of a subscription that another join replaced is answered `ok`. Phoenix ignores it, and its
   * clients wait for a time-out.
   */
  readonly acknowledgeStaleLeave: boolean;
  readonly connect: (request: ConnectRequest) => ConnectOutcome<Session> | Promise<ConnectOutcome<Session>>;
  /** What a socket shares with others, each with its limits; undefined if there are none. */
  readonly sharesOf?: ((session: Session, request: IncomingMessage) => readonly Share[]) | undefined;
  /** Where shares are counted, if other servers of the process count there, too. */
  readonly sharesInUse?: SharesInUse;
  /** Who takes a topic; undefined: `unmatched topic`. */
  readonly channelFor: (topic: string) => ChannelHandler<Session> | undefined;
  /** Told of a handler that threw; `what` names the moment. */
  readonly onFault: (what: string, error: unknown) => void;
}

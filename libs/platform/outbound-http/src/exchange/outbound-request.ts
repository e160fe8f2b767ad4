import type { ConnectSteps, HttpVersion } from '../connection/connect-attempt.js';

/** Time limits of one call, in milliseconds. */
export interface OutboundTimeouts {
  /** Resolving, connecting and the TLS handshake of a new connection. */
  readonly connectMs: number;
  /** From the request being on its way to the head of the answer. */
  readonly firstByteMs: number;
  /** Everything, from before DNS to the last byte of the answer. */
  readonly totalMs: number;
}

/** One HTTP call. Redirects are never followed. */
export interface OutboundRequest {
  readonly url: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  readonly timeouts: OutboundTimeouts;
  /** Bytes of the answer's body that are kept; what follows is not read. */
  readonly maxResponseBytes: number;
  /** Whether HTTP/2 may be spoken, where the receiver offers it and the operator allows it. */
  readonly http2?: boolean;
  /**
   * Whether the receiver can tell a repeated call from a new one. Such a call is made once more, at once and on a new
   * connection, when one that was kept open broke as it was used (see `staleConnectionMs`).
   */
  readonly repeatable?: boolean;
  /** Ends the call with `aborted`. */
  readonly signal?: AbortSignal;
}

/** How long a call's steps took, in milliseconds. */
export interface OutboundTimings {
  /** Of the new connection that the call waited for; null when it used one that was open. */
  readonly connection: ConnectSteps | null;
  /** From the request being on its way to the head of the answer; null when no head came. */
  readonly firstByteMs: number | null;
  readonly totalMs: number;
}

/** Headers of an answer, by lower-case name. */
export type ResponseHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** A complete answer, its body perhaps cut. */
export interface OutboundResponse {
  readonly status: number;
  readonly headers: ResponseHeaders;
  readonly body: Buffer;
  /** Whether the body was longer than the limit. */
  readonly truncated: boolean;
  readonly version: HttpVersion;
  readonly timings: OutboundTimings;
}

/** The part of an outbound HTTP client that adapters use; `OutboundHttp` satisfies it. */
export interface HttpClient {
  /** Resolves with any complete answer, whatever its status; else rejects with an error that has a `code`. */
  request(request: HttpCall): Promise<HttpAnswer>;
  /** Resolves with the head of any answer as soon as it is there. */
  requestStream(request: HttpStreamCall): Promise<HttpStream>;
}

/** One POST of JSON. Durations in milliseconds. */
export interface HttpCall {
  readonly url: string;
  readonly method: 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly timeouts: { readonly connectMs: number; readonly firstByteMs: number; readonly totalMs: number };
  readonly maxResponseBytes: number;
  readonly signal: AbortSignal;
}

/** One POST whose answer is read as it comes; `idleMs` is the longest pause between two chunks. */
export interface HttpStreamCall extends HttpCall {
  readonly timeouts: HttpCall['timeouts'] & { readonly idleMs?: number };
}

/** An answer whose body is read as it comes, once. Leaving the loop early ends the call. */
export interface HttpStream {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: HttpAnswer['headers'];
  readonly body: AsyncIterable<Buffer>;
  /** Ends the call without reading (on). */
  cancel(): void;
}

/** A complete answer; its body is cut at the call's limit. */
export interface HttpAnswer {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
  /** Whether the body was longer than the limit. */
  readonly truncated: boolean;
}

import { performance } from 'node:perf_hooks';
import type { Dispatcher } from 'undici';
import { ConnectFailure, type ConnectAttempt } from '../connection/connect-attempt.js';
import type { OriginPool, WaitingCall } from '../connection/origin-pool.js';
import { isStreamReset } from '../http2-error-of.js';
import { OutboundError } from '../outbound-error.js';
import { outboundErrorOf } from '../outbound-error-of.js';
import { onAbort } from './abort-listeners.js';
import { brokenBody, type BodyLengths } from './broken-body.js';
import type { OutboundRequest, OutboundResponse, OutboundTimings, ResponseHeaders } from './outbound-request.js';

/**
 * A receiver closes an idle connection just as a call is put on it: neither side is at fault, and the break is seen
 * within a round trip. A break later than this is the receiver's failure with the call itself.
 */
export const staleConnectionMs = 1_000;

/** undici's time limit for the head on HTTP/2 comes before our deadline, because it also checks the connection. */
const beforeDeadlineMs = 50;

/**
 * One call whose answer is kept in memory up to a limit. Speaks undici's handler protocol itself: a third of the
 * work of its promise API, and the deadline also ends a call that still waits for a connection.
 */
export class BufferedExchange implements Dispatcher.DispatchHandler, WaitingCall {
  readonly startedAt = performance.now();
  private readonly deadline: NodeJS.Timeout;
  private readonly stopListening: (() => void) | undefined;
  private controller: Dispatcher.DispatchController | undefined;
  /** The connection that this call waited for; undefined when it uses one that was open. */
  private connection: ConnectAttempt | undefined;
  /** Set when the caller has its result: whatever happens on the wire afterwards is nobody's concern. */
  private settled = false;
  private sentAt = 0;
  private firstByteAt = 0;
  private status = 0;
  private headers: ResponseHeaders = {};
  private readonly chunks: Buffer[] = [];
  private size = 0;
  /** The connection that the call is repeated on. */
  private apart: Dispatcher | undefined;

  constructor(
    private readonly request: OutboundRequest,
    private readonly origin: OriginPool,
    private readonly path: string,
    private readonly resolve: (response: OutboundResponse) => void,
    private readonly reject: (error: OutboundError) => void,
  ) {
    this.deadline = setTimeout(() => this.onDeadline(), request.timeouts.totalMs);
    this.stopListening = request.signal && onAbort(request.signal, () => this.onAbort());
  }

  start(): void {
    if (this.origin.speaksHttp2) this.origin.tell(this);
    this.dispatch(this.origin.pool);
  }

  /** The request is put on a connection. */
  onRequestStart(controller: Dispatcher.DispatchController): void {
    // Thrown, because aborting would end the connection as well.
    if (this.settled) throw new OutboundError('aborted', 'The call was given up before it was sent.');
    this.controller = controller;
    this.sentAt = performance.now();
    this.connection = this.origin.openedForCallOf(this.startedAt);
    this.origin.tellNoLonger(this);
  }

  onConnectFailure(failure: ConnectFailure): void {
    this.connection = failure.attempt;
    this.fail(outboundErrorOf(failure));
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: ResponseHeaders): void {
    // 1xx: the real answer is still to come.
    if (status < 200) return;
    this.firstByteAt = performance.now();
    this.status = status;
    this.headers = headers;
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.settled) return;
    const room = this.request.maxResponseBytes - this.size;
    this.chunks.push(chunk.length > room ? chunk.subarray(0, room) : chunk);
    this.size += Math.min(chunk.length, room);
    if (chunk.length <= room) return;
    this.succeed(true);
    controller.abort(new OutboundError('response_too_large', 'The rest of the answer is not read.'));
  }

  onResponseEnd(): void {
    if (!this.settled) this.succeed(false);
  }

  onResponseError(_controller: Dispatcher.DispatchController | undefined, error: Error): void {
    if (this.settled) return;
    if (error instanceof ConnectFailure) this.connection = error.attempt;
    const known = outboundErrorOf(error);
    if (this.isStale(known)) this.repeat();
    else this.fail(this.status === 0 ? this.withoutAnswer(known) : brokenBody(error, this.status, this.lengths()));
  }

  /** Ends the call with an error, unless it has ended. */
  fail(error: OutboundError): void {
    if (this.settled) return;
    this.settle();
    this.reject(error.at({ status: this.status === 0 ? null : this.status, timings: this.timings() }));
    this.controller?.abort(error);
  }

  private succeed(truncated: boolean): void {
    this.settle();
    const [only] = this.chunks;
    this.resolve({
      status: this.status,
      headers: this.headers,
      body: this.chunks.length === 1 && only ? only : Buffer.concat(this.chunks, this.size),
      truncated,
      version: this.connection?.version ?? this.origin.version,
      timings: this.timings(),
    });
  }

  private timings(): OutboundTimings {
    return {
      connection: this.connection?.steps ?? null,
      firstByteMs: this.firstByteAt === 0 ? null : this.firstByteAt - this.sentAt,
      totalMs: performance.now() - this.startedAt,
    };
  }

  private settle(): void {
    this.settled = true;
    clearTimeout(this.deadline);
    this.stopListening?.();
    this.origin.tellNoLonger(this);
    // Once the call is off its connection.
    void this.apart?.close();
  }

  private dispatch(dispatcher: Dispatcher): void {
    const { method, headers, body, timeouts } = this.request;
    const { firstByteMs, totalMs } = timeouts;
    const headersTimeout = this.origin.speaksHttp2
      ? Math.max(1, Math.min(firstByteMs, totalMs - beforeDeadlineMs))
      : firstByteMs;
    try {
      // The total deadline sees to a body that stops.
      dispatcher.dispatch({ path: this.path, method, headers, body, headersTimeout, bodyTimeout: 0 }, this);
    } catch (error) {
      this.fail(outboundErrorOf(error));
    }
  }

  /** Whether a kept connection broke as it was used, before anything of an answer came. */
  private isStale({ code, cause }: OutboundError): boolean {
    const { repeatable } = this.request;
    if (repeatable !== true || this.apart || this.connection || this.sentAt === 0 || this.status > 0) return false;
    if (code !== 'connection_reset' || isStreamReset(cause)) return false;
    return performance.now() - this.sentAt < staleConnectionMs;
  }

  private repeat(): void {
    this.sentAt = 0;
    this.controller = undefined;
    this.apart = this.origin.connectionApart();
    this.dispatch(this.apart);
  }

  private withoutAnswer(error: OutboundError): OutboundError {
    if (error.code !== 'timeout') return error;
    const message = `There was no answer within ${this.request.timeouts.firstByteMs} ms.`;
    return new OutboundError('timeout', message, { cause: error.cause });
  }

  private lengths(): BodyLengths {
    const announced = this.headers['content-length'];
    return { received: this.size, announced: typeof announced === 'string' ? announced : undefined };
  }

  private onAbort(): void {
    this.fail(new OutboundError('aborted', 'The call was given up.'));
  }

  private onDeadline(): void {
    if (this.sentAt === 0) this.connection = this.origin.beingOpened();
    const { totalMs } = this.request.timeouts;
    this.fail(new OutboundError('timeout', `${this.progress()} within ${totalMs} ms.`));
  }

  private progress(): string {
    if (this.status !== 0) return `The answer was ${this.status}, but its body was not complete`;
    if (this.sentAt > 0) return 'There was no answer';
    return this.connection?.waitedFor ?? 'The request could not be sent';
  }
}

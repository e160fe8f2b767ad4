import { performance } from 'node:perf_hooks';
import type { Dispatcher } from 'undici';
import { ConnectFailure, type ConnectAttempt } from '../connection/connect-attempt.js';
import type { OriginPool } from '../connection/origin-pool.js';
import { OutboundError } from '../outbound-error.js';
import { endedEarly, outboundErrorOf } from '../outbound-error-of.js';
import { onAbort } from './abort-listeners.js';
import type { OutboundRequest, OutboundResponse, OutboundTimings, ResponseHeaders } from './outbound-request.js';

/**
 * One call whose answer is kept in memory up to a limit. Speaks undici's handler protocol itself: a third of the
 * work of its promise API, and the deadline also ends a call that still waits for a connection.
 */
export class BufferedExchange implements Dispatcher.DispatchHandler {
  private readonly startedAt = performance.now();
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

  constructor(
    private readonly request: OutboundRequest,
    private readonly origin: OriginPool,
    private readonly resolve: (response: OutboundResponse) => void,
    private readonly reject: (error: OutboundError) => void,
  ) {
    this.deadline = setTimeout(() => this.onDeadline(), request.timeouts.totalMs);
    this.stopListening = request.signal && onAbort(request.signal, () => this.onAbort());
  }

  /** The request is put on a connection. */
  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.controller = controller;
    this.sentAt = performance.now();
    this.connection = this.origin.openedForCallOf(this.startedAt);
    if (this.settled) controller.abort(new OutboundError('aborted', 'The call was given up before it was sent.'));
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
    if (error instanceof ConnectFailure) this.connection = error.attempt;
    this.fail(this.status === 0 ? outboundErrorOf(error) : this.brokenOff(error));
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
  }

  /** A body that broke off, told with how much of it came; other errors as they are. */
  private brokenOff(error: Error): OutboundError {
    const ended = endedEarly(error);
    const known = outboundErrorOf(error);
    if (!ended && known.code !== 'connection_reset') return known;
    const length = this.headers['content-length'];
    const announced = typeof length === 'string' ? ` of the ${length} announced` : '';
    const broke = `the connection ${ended ? 'ended' : 'was reset'} after ${this.size}${announced} bytes of its body`;
    const message = `The answer was ${this.status}, but ${broke}.`;
    return new OutboundError(ended ? 'invalid_response' : 'connection_reset', message, { cause: error });
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

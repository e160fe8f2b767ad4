import type { ServerResponse } from 'node:http';
import type { EncodedFrame } from '@headrace/contracts';
import { WebSocket } from 'ws';
import type { ConnectionOwner, PhoenixConnection } from '../phoenix-connection.js';
import type { SharedFrame } from '../shared-frame.js';
import { answer, pollStatus } from './long-poll-answer.js';

/** What a session is made with. */
export interface SessionParts {
  /** Names the session; who has it reads its frames. */
  readonly token: string;
  /** Milliseconds that a poll waits for a frame; without a poll for half as long again, the session ends. */
  readonly windowMs: number;
  /** Whether its client may still believe in the session that it had before. */
  readonly replacesAnother: boolean;
  readonly onEnd: () => void;
}

const text = (frame: EncodedFrame): string =>
  // As Phoenix writes bytes: raw within a JSON string, which loses what is not UTF-8.
  typeof frame === 'string' ? frame : Buffer.from(frame).toString('utf8');

/** A client that asks again and again for its frames, as a connection. Frames wait between two polls. */
export class LongPollSession implements PhoenixConnection {
  readyState: WebSocket['readyState'] = WebSocket.OPEN;
  owner: ConnectionOwner | undefined;
  /** Settles once frames are taken again; undefined while they are. */
  paused: PromiseWithResolvers<void> | undefined;
  private frames: string[] = [];
  private waitingBytes = 0;
  private pending: ServerResponse | undefined;
  private inFlight: ServerResponse | undefined;
  private timer: NodeJS.Timeout | undefined;
  private flushing = false;
  private believed: boolean;

  constructor(private readonly parts: SessionParts) {
    this.believed = !parts.replacesAnother;
    this.expectPoll();
  }

  get open(): boolean {
    return this.readyState === WebSocket.OPEN;
  }

  get token(): string {
    return this.parts.token;
  }

  /** Bytes of frames that wait for a poll, and of the last answer that its client did not read. */
  get bufferedAmount(): number {
    return this.waitingBytes + (this.inFlight?.writableLength ?? 0);
  }

  /** Answers with the frames that wait, or with the first that come within the window. */
  poll(response: ServerResponse): void {
    this.owner?.heard();
    if (!this.believed) {
      // phoenix.js before 1.8 takes a new session for the one it lost, and would wait in vain without joining again.
      answer(response, { status: pollStatus.tryAgain });
      return this.terminate();
    }
    if (this.pending) this.reply(pollStatus.nothing);
    this.pending = response;
    response.once('close', () => this.pollGone(response));
    clearTimeout(this.timer);
    if (this.frames.length > 0) this.flush();
    else this.timer = setTimeout(() => this.reply(pollStatus.nothing), this.parts.windowMs).unref();
  }

  /** Takes one frame of the client. */
  receive(frame: EncodedFrame): void {
    this.believed = true;
    this.owner?.receive(frame);
  }

  send(frame: EncodedFrame): void {
    const message = text(frame);
    this.frames.push(message);
    this.waitingBytes += Buffer.byteLength(message);
    if (!this.pending || this.flushing) return;
    this.flushing = true;
    // What one turn of the event loop has to say goes out in one answer.
    setImmediate(() => {
      this.flushing = false;
      if (this.pending && this.frames.length > 0) this.flush();
    });
  }

  sendShared({ frame }: SharedFrame): void {
    this.send(frame);
  }

  close(): void {
    this.end();
  }

  terminate(): void {
    this.inFlight?.destroy();
    this.end();
  }

  pause(): void {
    this.paused ??= Promise.withResolvers<void>();
  }

  resume(): void {
    this.paused?.resolve();
    this.paused = undefined;
  }

  private flush(): void {
    this.reply(pollStatus.messages);
  }

  private reply(status: number): void {
    const { pending, frames } = this;
    if (!pending) return;
    this.pending = undefined;
    this.frames = [];
    this.waitingBytes = 0;
    this.inFlight = pending;
    answer(pending, { messages: frames, status, token: this.token });
    this.expectPoll();
  }

  /** The client went away while its poll waited; what comes meanwhile waits for its next one. */
  private pollGone(response: ServerResponse): void {
    if (this.inFlight === response) this.inFlight = undefined;
    if (this.pending !== response) return;
    this.pending = undefined;
    this.expectPoll();
  }

  private expectPoll(): void {
    clearTimeout(this.timer);
    if (this.readyState !== WebSocket.OPEN) return;
    this.timer = setTimeout(() => this.terminate(), this.parts.windowMs * 1.5).unref();
  }

  private end(): void {
    if (this.readyState === WebSocket.CLOSED) return;
    this.readyState = WebSocket.CLOSED;
    if (this.pending && this.frames.length > 0) this.flush();
    // Every version of phoenix.js begins a new session after it; after 410 the older ones do not join again.
    if (this.pending) answer(this.pending.setHeader('connection', 'close'), { status: pollStatus.tryAgain });
    this.pending = undefined;
    this.frames = [];
    this.waitingBytes = 0;
    clearTimeout(this.timer);
    this.resume();
    this.parts.onEnd();
    this.owner?.closed();
  }
}

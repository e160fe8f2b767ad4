import type { EncodedFrame } from '@headrace/contracts';
import { WebSocket } from 'ws';
import type { ConnectionOwner, PhoenixConnection } from '../phoenix-connection.js';
import type { SharedFrame } from '../shared-frame.js';
import { pollStatus } from './long-poll-answer.js';
import type { WaitingPoll } from './waiting-poll.js';

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

/** Frames that may have to be sent again. */
interface Sent {
  readonly poll: WaitingPoll;
  readonly frames: string[];
  readonly bytes: number;
}

/**
 * How long a poll waits, in milliseconds, to learn what became of the answer before it. Its client has that answer, or
 * would not ask again, so the word of it is on its way or lost.
 */
const settleLimitMs = 2_000;

/** A client that asks again and again for its frames, as a connection. Frames wait between two polls. */
export class LongPollSession implements PhoenixConnection {
  readyState: WebSocket['readyState'] = WebSocket.OPEN;
  owner: ConnectionOwner | undefined;
  /** Settles once frames are taken again; undefined while they are. */
  paused: PromiseWithResolvers<void> | undefined;
  /** Bytes of frames that wait in memory until frames are taken again. */
  heldBytes = 0;
  private frames: string[] = [];
  private waitingBytes = 0;
  private pending: WaitingPoll | undefined;
  /** The last answer with frames, until it is known whether its client got it. */
  private sent: Sent | undefined;
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
    return this.waitingBytes + (this.sent?.poll.unread ?? 0);
  }

  /** Answers with the frames that wait, or with the first that come within the window. */
  poll(poll: WaitingPoll): void {
    // Who polls before the last poll is answered does so for no reason, at any rate.
    if (this.pending) this.owner?.pinged();
    else this.owner?.heard();
    if (!this.open) return poll.answer({ status: pollStatus.tryAgain });
    if (!this.believed) {
      // phoenix.js before 1.8 takes a new session for the one it lost, and would wait in vain without joining again.
      poll.answer({ status: pollStatus.tryAgain });
      return this.terminate();
    }
    this.replyNothing();
    this.pending = poll;
    poll.onSettled((delivered) => this.settled(poll, delivered));
    this.attend();
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
      this.flush();
    });
  }

  sendShared({ frame }: SharedFrame): void {
    this.send(frame);
  }

  close(): void {
    this.end();
  }

  terminate(): void {
    this.sent?.poll.cut();
    this.end();
  }

  pause(): void {
    this.paused ??= Promise.withResolvers<void>();
  }

  resume(): void {
    this.paused?.resolve();
    this.paused = undefined;
  }

  /** Answers the poll that waits, or sees to it that it does not wait for too long. */
  private attend(): void {
    if (!this.pending) return;
    clearTimeout(this.timer);
    const { windowMs } = this.parts;
    if (this.sent) this.timer = setTimeout(() => this.terminate(), settleLimitMs).unref();
    else if (this.frames.length > 0) this.flush();
    else this.timer = setTimeout(() => this.replyNothing(), windowMs).unref();
  }

  /** Frames behind an answer that may come back wait for that, or they would overtake its own. */
  private flush(): void {
    const { pending: poll, frames, waitingBytes: bytes } = this;
    if (!poll || frames.length === 0 || this.sent) return;
    this.pending = undefined;
    this.frames = [];
    this.waitingBytes = 0;
    this.sent = { poll, frames, bytes };
    poll.answer({ messages: frames, status: pollStatus.messages, token: this.token });
    this.expectPoll();
  }

  private replyNothing(): void {
    const { pending } = this;
    if (!pending) return;
    this.pending = undefined;
    pending.answer({ messages: [], status: pollStatus.nothing, token: this.token });
    this.expectPoll();
  }

  /** What did not reach its client, or came after it left, waits for its next poll. */
  private settled(poll: WaitingPoll, delivered: boolean): void {
    if (this.pending === poll) {
      this.pending = undefined;
      this.expectPoll();
    }
    const { sent } = this;
    if (sent?.poll !== poll || !this.open) return;
    this.sent = undefined;
    if (!delivered) {
      this.frames = [...sent.frames, ...this.frames];
      this.waitingBytes += sent.bytes;
    }
    this.attend();
  }

  private expectPoll(): void {
    clearTimeout(this.timer);
    if (this.readyState !== WebSocket.OPEN) return;
    this.timer = setTimeout(() => this.terminate(), this.parts.windowMs * 1.5).unref();
  }

  private end(): void {
    if (this.readyState === WebSocket.CLOSED) return;
    this.readyState = WebSocket.CLOSED;
    this.flush();
    // Every version of phoenix.js begins a new session after it; after 410 the older ones do not join again.
    this.pending?.answer({ status: pollStatus.tryAgain });
    this.pending = undefined;
    this.frames = [];
    this.waitingBytes = 0;
    clearTimeout(this.timer);
    this.resume();
    this.parts.onEnd();
    this.owner?.closed();
  }
}

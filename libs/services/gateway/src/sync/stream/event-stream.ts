import type { FastifyReply } from 'fastify';
import { heartbeat } from './chat-chunks.js';

const streamHeaders = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache, no-transform',
  // Proxies that gather answers would keep pieces back.
  'x-accel-buffering': 'no',
};

/**
 * Server-sent events to one client. Until something is written nothing has been sent, not even the status, so that
 * what fails before can still be answered with an error.
 */
export class EventStream {
  #heartbeats: NodeJS.Timeout | undefined;
  #stallMs = 0;
  #isBegun = false;
  #isFull = false;

  /** `onDrain` is called when the client has read what it was behind with; `isClosing` whether the server stops. */
  constructor(
    private readonly reply: FastifyReply,
    private readonly ends: { readonly onDrain: () => void; readonly isClosing: () => boolean },
  ) {}

  /** Whether the status has been sent. */
  get isBegun(): boolean {
    return this.#isBegun;
  }

  /** Whether the client is behind: what is written now stays in memory until it has read. */
  get isFull(): boolean {
    return this.#isFull;
  }

  /**
   * Says from now on, at intervals, that the answer is still awaited; the first time begins the stream. `stallMs`: how
   * long a client that is behind may read nothing.
   */
  keepAlive(everyMs: number, stallMs: number, headers: Readonly<Record<string, string>>): void {
    this.#stallMs = stallMs;
    this.#heartbeats = setInterval(() => {
      this.begin(headers);
      // A client that is behind needs no more bytes.
      if (!this.#isFull) this.write(heartbeat);
    }, everyMs);
    this.reply.raw.once('close', () => clearInterval(this.#heartbeats));
  }

  /** Sends the status and the headers, once. */
  begin(headers: Readonly<Record<string, string>>): void {
    if (this.#isBegun) return;
    this.#isBegun = true;
    this.reply.hijack();
    const { raw } = this.reply;
    // A broken connection is told by its close; without a listener its error would end the process.
    raw.on('error', () => undefined).on('drain', () => this.#drained());
    raw.writeHead(200, { ...streamHeaders, ...headers });
  }

  write(text: string): void {
    if (this.reply.raw.write(text) || this.#isFull) return;
    this.#isFull = true;
    this.#expectReading();
  }

  /** Sends the last events. */
  end(text: string): void {
    clearInterval(this.#heartbeats);
    const { raw } = this.reply;
    if (raw.destroyed) return;
    this.#expectReading();
    raw.end(text, () => {
      // A server that stops would wait for the connection until its client lets go of it.
      if (this.ends.isClosing()) raw.socket?.end();
    });
  }

  /** Ends what keeps it alive, when nothing was begun. */
  cancel(): void {
    clearInterval(this.#heartbeats);
  }

  /** Lets go of a client that reads nothing for a while; whatever it reads begins the time anew. */
  #expectReading(): void {
    const { raw } = this.reply;
    raw.removeAllListeners('timeout').setTimeout(this.#stallMs, () => raw.destroy());
  }

  #drained(): void {
    this.#isFull = false;
    this.reply.raw.setTimeout(0);
    this.ends.onDrain();
  }
}

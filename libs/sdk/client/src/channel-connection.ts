import { environment, onWake, type SocketLike } from './environment.js';
import { decodeFrame, type Frame, type Reply } from './phoenix-frame.js';
import { retryDelay } from './retry-delay.js';

/** Where a channel is: the whole URL of the upgrade, token included, and the topic. */
export interface ChannelAddress {
  readonly url: string;
  readonly topic: string;
}

/** Who a connection tells what happens. */
export interface ChannelListener {
  opened(): void;
  joined(): void;
  /** A heartbeat was answered. */
  alive(): void;
  /** The server pushed an event on the topic. */
  pushed(event: string, payload: unknown): void;
  /** An open socket is closed. It will be opened again. */
  lost(): void;
  /** A socket could not be opened. It will be tried again. */
  unreachable(): void;
  retrying(attempt: number, delayMs: number): void;
  /** The server will never let us join; the connection has ended. */
  refused(reason: string): void;
}

export interface ChannelOptions {
  readonly heartbeatInterval: number;
  /** Time limit of opening a socket, of a join and of a heartbeat's answer. Default 10000. */
  readonly answerMs?: number;
  /** Gives a fresh address when the token no longer works; undefined: there is none any more. */
  readonly renew?: () => Promise<ChannelAddress | undefined>;
}

const defaultAnswerMs = 10_000;
/** Browsers do not tell a refused upgrade from a dead network: so often it is the network. */
const failuresBeforeRenewal = 3;
/** Time limit of getting a fresh address. */
const renewalMs = 15_000;
const expired = 'unauthorized_project_access';
/** Joins that are refused for other reasons may succeed later. */
const lastingRefusals = [
  expired,
  'invalid_channel_format',
  'invalid_project_uuid',
  'invalid_channel_uuid',
  'unmatched topic',
];

/**
 * One topic, joined over a socket of its own (a token is good for one channel), and joined again after whatever
 * disturbs it, until `close` is called or the server refuses for good.
 */
export class ChannelConnection {
  #socket: SocketLike | undefined;
  #open = false;
  #closed = false;
  #lastRef = 0;
  #joinRef: string | undefined;
  #joined = false;
  #beatRef: string | undefined;
  /** Failures since the channel was last seen to work. */
  #failures = 0;
  /** Why a fresh address is asked for before the next try. */
  #renewal: 'expired' | 'unreachable' | undefined;
  /** Whether the address is fresh and was not joined yet. */
  #renewed = false;
  #retryIsPending = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #stopWaking = onWake(() => this.#wake());

  constructor(
    private address: ChannelAddress,
    private readonly listener: ChannelListener,
    private readonly options: ChannelOptions,
  ) {}

  get #answerMs(): number {
    return this.options.answerMs ?? defaultAnswerMs;
  }

  /** Opens the socket. Nothing is told before this returns. */
  start(): void {
    const Socket = environment.WebSocket;
    if (!Socket) throw new Error('There is no WebSocket here. In Node, use version 22 or later.');
    const socket = new Socket(this.address.url);
    const ifCurrent =
      <Args extends unknown[]>(handle: (...args: Args) => void) =>
      (...args: Args) => {
        if (this.#socket === socket) handle(...args);
      };
    this.#socket = socket;
    this.#open = false;
    socket.addEventListener(
      'open',
      ifCurrent(() => this.#join(true)),
    );
    socket.addEventListener(
      'message',
      ifCurrent(({ data }) => this.#receive(decodeFrame(data))),
    );
    socket.addEventListener(
      'close',
      ifCurrent(({ code }) => this.#lose(code)),
    );
    this.#after(this.#answerMs, () => this.#lose());
  }

  /** Ends it. Nothing is told any more. */
  close(): void {
    this.#closed = true;
    this.#stopWaking();
    clearTimeout(this.#timer);
    this.#abandonSocket();
  }

  #join(first: boolean): void {
    this.#open = true;
    if (first) this.listener.opened();
    if (this.#closed) return;
    this.#joinRef = this.#send(this.address.topic, 'phx_join');
    this.#after(this.#answerMs, () => this.#lose());
  }

  #send(topic: string, event: string): string {
    const ref = String(++this.#lastRef);
    const frame: Frame = [event === 'phx_join' ? ref : null, ref, topic, event, {}];
    this.#socket?.send(JSON.stringify(frame));
    return ref;
  }

  #receive(frame: Frame | undefined): void {
    if (!frame) return;
    const [joinRef, ref, topic, event, payload] = frame;
    if (event === 'phx_reply') {
      if (ref === this.#beatRef) this.#beatAnswered();
      else if (ref === this.#joinRef && !this.#joined) this.#joinAnswered(payload as Reply);
    } else if (topic === this.address.topic && (joinRef === null || joinRef === this.#joinRef)) {
      // A channel that ends without a final state has not told everything.
      if (event === 'phx_close' || event === 'phx_error') this.#retry();
      else {
        this.#failures = 0;
        this.listener.pushed(event, payload);
      }
    }
  }

  #joinAnswered({ status, response }: Reply): void {
    if (status === 'ok') {
      this.#joined = true;
      this.#renewed = false;
      this.#beatLater();
      this.listener.joined();
      return;
    }
    const reason = response?.reason ?? 'unknown';
    const mayRenew = reason === expired && this.options.renew && !this.#renewed;
    if (lastingRefusals.includes(reason) && !mayRenew) {
      this.#refuse(reason);
      return;
    }
    if (mayRenew) {
      this.#renewal = 'expired';
      this.#abandonSocket();
      this.listener.lost();
      if (this.#closed) return;
    }
    this.#retry();
  }

  #refuse(reason: string): void {
    this.close();
    this.listener.refused(reason);
  }

  #beatLater(): void {
    this.#after(this.options.heartbeatInterval, () => this.#beat());
  }

  #beat(): void {
    this.#beatRef = this.#send('phoenix', 'heartbeat');
    this.#after(Math.min(this.#answerMs, this.options.heartbeatInterval), () => this.#lose());
  }

  #beatAnswered(): void {
    this.#beatRef = undefined;
    this.#failures = 0;
    this.#beatLater();
    this.listener.alive();
  }

  /** The socket is closed, or answers no more, which browsers may notice only minutes later. */
  #lose(code?: number): void {
    const wasOpen = this.#open;
    this.#abandonSocket();
    if (wasOpen) this.listener.lost();
    else this.listener.unreachable();
    if (this.#closed) return;
    if (!wasOpen && this.#failures % failuresBeforeRenewal === failuresBeforeRenewal - 1) this.#renewal = 'unreachable';
    this.#retry(code);
  }

  #abandonSocket(): void {
    const socket = this.#socket;
    this.#socket = undefined;
    this.#open = this.#joined = false;
    this.#beatRef = this.#joinRef = undefined;
    socket?.close();
  }

  #retry(code?: number): void {
    const delay = retryDelay(this.#failures, code);
    this.#failures += 1;
    this.#joined = false;
    this.#joinRef = undefined;
    this.#after(delay, () => this.#tryAgain());
    this.#retryIsPending = true;
    this.listener.retrying(this.#failures, Math.round(delay));
  }

  #tryAgain(): void {
    const { renew } = this.options;
    if (this.#renewal && renew) void this.#renew(renew, this.#renewal);
    else if (this.#open) this.#join(false);
    else this.start();
  }

  /** Without a fresh address the old one is tried again, unless that one is known not to work any more. */
  async #renew(renew: () => Promise<ChannelAddress | undefined>, why: 'expired' | 'unreachable'): Promise<void> {
    this.#renewal = undefined;
    let waiting = true;
    this.#after(renewalMs, () => {
      waiting = false;
      this.#retry();
    });
    const address = await renew().catch(() => 'none now' as const);
    if (this.#closed || !waiting) return;
    if (!address && why === 'expired') {
      this.#refuse(expired);
      return;
    }
    if (!address || address === 'none now') {
      this.#retry();
      return;
    }
    this.address = address;
    this.#renewed = true;
    this.start();
  }

  /** A retry that waits is made at once; a connection that seems well is asked whether it is. */
  #wake(): void {
    if (this.#retryIsPending) {
      clearTimeout(this.#timer);
      this.#retryIsPending = false;
      this.#tryAgain();
    } else if (this.#joined && this.#beatRef === undefined) this.#beat();
  }

  /** There is one thing at a time that is waited for. */
  #after(milliseconds: number, then: () => void): void {
    clearTimeout(this.#timer);
    this.#retryIsPending = false;
    this.#timer = setTimeout(() => {
      this.#retryIsPending = false;
      then();
    }, milliseconds);
  }
}

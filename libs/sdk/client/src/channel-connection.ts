import type { ChannelAddress, ChannelListener, ChannelOptions } from './channel-listener.js';
import { onWake, type SocketLike } from './environment.js';
import { decodeFrame, type Frame, type Reply } from './phoenix-frame.js';
import { retryDelay } from './retry-delay.js';
import { DEFAULT_LONG_POLL_FALLBACK, TransportChoice } from './transport-choice.js';

const defaultAnswerMs = 10_000;
/** However often somebody wants heartbeats: what takes so long to answer is not dead yet. */
const leastPatienceMs = 1_000;
/** Browsers do not tell a refused upgrade from a dead network: so often it is the network. */
const failuresBeforeRenewal = 3;
/** Time limit of getting a fresh address. */
const renewalMs = 15_000;
/** What a socket is closed with when its page is left. */
const goingAway = 1001;
/** What is refused so soon after it was got is not refused because of its age. */
const freshMs = 60_000;
const expired = 'unauthorized_project_access';
/** What a long poll closes with when the server knows no such token. Of WebSockets, browsers do not tell it. */
const forbidden = 403;
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
  /** Failures since the channel was last seen to work, and how many of them no other transport was tried after. */
  #failures = 0;
  #defeats = 0;
  /** Why a fresh address is asked for before the next try. */
  #renewal: 'expired' | 'unreachable' | undefined;
  /** When the address was got, in milliseconds since 1970, if it is a fresh one that was not joined yet. */
  #renewedAt = 0;
  #retryIsPending = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #transport: TransportChoice;
  readonly #stopWaking = onWake(
    (isNewNetwork) => this.#wake(isNewNetwork),
    () => this.#sleep(),
  );

  constructor(
    private address: ChannelAddress,
    private readonly listener: ChannelListener,
    private readonly options: ChannelOptions,
  ) {
    const { transport = 'auto', longPollFallbackMs = DEFAULT_LONG_POLL_FALLBACK } = options;
    this.#transport = new TransportChoice(transport, longPollFallbackMs);
  }

  get #answerMs(): number {
    return this.options.answerMs ?? defaultAnswerMs;
  }

  /** Opens the socket. Nothing is told before this returns. Throws on an address that is none. */
  start(): void {
    const socket = this.#transport.open(this.address.url);
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
    this.#loseUnlessAnswered();
  }

  /** Ends it. Nothing is told any more. */
  close(): void {
    this.#closed = true;
    this.#stopWaking();
    clearTimeout(this.#timer);
    this.#transport.close();
    this.#abandonSocket();
  }

  #join(first: boolean): void {
    this.#open = true;
    if (first) this.listener.opened();
    if (this.#closed) return;
    this.#joinRef = this.#send(this.address.topic, 'phx_join');
    this.#loseUnlessAnswered();
  }

  #loseUnlessAnswered(): void {
    this.#after(this.#transport.patience(this.#answerMs), () => this.#lose());
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
      else if (ref === this.#joinRef && !this.#joined) this.#joinAnswered(payload);
    } else if (topic === this.address.topic && (joinRef === null || joinRef === this.#joinRef)) {
      // A channel that ends without a final state has not told everything.
      if (event === 'phx_close' || event === 'phx_error') this.#retry();
      else {
        this.#works();
        this.listener.pushed(event, payload);
      }
    }
  }

  #joinAnswered({ status, response }: Reply): void {
    if (status === 'ok') {
      this.#joined = true;
      this.#renewedAt = 0;
      this.#transport.joined();
      this.#beatLater();
      this.listener.joined();
      return;
    }
    this.#deny(response?.reason ?? 'unknown');
  }

  /** The server does not let us in: for good, with this token, or for now. */
  #deny(reason: string): void {
    const isFresh = Math.abs(Date.now() - this.#renewedAt) < freshMs;
    const mayRenew = reason === expired && this.options.renew && !isFresh;
    if (lastingRefusals.includes(reason) && !mayRenew) {
      this.#refuse(reason);
      return;
    }
    if (mayRenew) {
      this.#renewal = 'expired';
      const wasOpen = this.#open;
      this.#abandonSocket();
      if (wasOpen) this.listener.lost();
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
    const patience = Math.min(this.#transport.patience(this.#answerMs), this.options.heartbeatInterval);
    this.#after(Math.max(patience, leastPatienceMs), () => this.#lose());
    this.#transport.lookBack(this.address.url, () => this.#lose());
  }

  #beatAnswered(): void {
    this.#beatRef = undefined;
    this.#works();
    this.#beatLater();
    this.listener.alive();
  }

  #works(): void {
    this.#failures = this.#defeats = 0;
    this.#transport.works();
  }

  /** The socket is closed, or answers no more, which browsers may notice only minutes later. */
  #lose(code?: number): void {
    const wasOpen = this.#open;
    this.#abandonSocket();
    // Who closes a socket says so; nobody has done that here.
    this.#transport.failed(code === undefined);
    if (code === forbidden && !wasOpen) {
      this.#deny(expired);
      return;
    }
    if (wasOpen) this.listener.lost();
    else if (this.#transport.isLast) this.listener.unreachable();
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
    const delay = this.#transport.changes ? retryDelay(0) : retryDelay(this.#defeats++, code);
    this.#failures += 1;
    this.#joined = false;
    // What was asked before this must not end the wait for it.
    this.#joinRef = this.#beatRef = undefined;
    this.#after(delay, () => this.#tryAgain());
    this.#retryIsPending = true;
    this.listener.retrying(this.#failures, Math.round(delay));
  }

  #tryAgain(): void {
    const { renew } = this.options;
    if (this.#renewal && renew) void this.#renew(renew, this.#renewal);
    else if (this.#open) this.#join(false);
    else this.#startAgain();
  }

  #startAgain(): void {
    try {
      this.start();
    } catch {
      this.#lose();
    }
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
    this.#renewedAt = Date.now();
    this.#startAgain();
  }

  /** A retry that waits is made at once; a connection that seems well is asked whether it is. */
  #wake(isNewNetwork: boolean): void {
    if (isNewNetwork) this.#transport.networkChanged();
    if (this.#retryIsPending) {
      clearTimeout(this.#timer);
      this.#retryIsPending = false;
      this.#tryAgain();
    } else if (this.#joined && this.#beatRef === undefined) this.#beat();
  }

  /** Comes back when the page does. */
  #sleep(): void {
    if (this.#joined) this.#lose(goingAway);
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

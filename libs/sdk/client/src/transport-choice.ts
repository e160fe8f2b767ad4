import { environment, type SocketLike, type StorageLike } from './environment.js';
import { LongPollSocket } from './long-poll-socket.js';
import type { Transport } from './types.js';

/** Milliseconds that a WebSocket has to open, and to answer the join, before long polling is tried. */
export const DEFAULT_LONG_POLL_FALLBACK = 5_000;

const key = 'headrace_longpoll';
/** How long a tab polls at once, before it tries a WebSocket again. */
const rememberedForMs = 600_000;
/** How much more time polls get than WebSockets. */
const pollingFactor = 3;
/**
 * How much has to go wrong before long polls have their turn. A server that ends refuses a WebSocket too, and another
 * one takes the next; and where they have worked, it is rather a server that restarts than the network.
 */
const limits = { unproven: 2, proven: 6 };
/** What counts for more than a refusal: servers do not leave anybody without an answer. */
const silence = 2;

/**
 * Chooses what carries the next socket of a connection: WebSockets, and long polls where those do not get through. What
 * got through is remembered for the tab, so that the next request, or the next page, need not find it out again.
 */
export class TransportChoice {
  readonly #automatic: boolean;
  /** Whether the next socket polls, and whether the last one does. */
  #polls: boolean;
  #polled = false;
  /** Whether the last socket has joined. */
  #joined = false;
  /** Of WebSockets in a row, refusals and silences. */
  #failures = 0;
  /** Whether a WebSocket has worked on this network. */
  #proven = false;
  /** Until when this connection polls, in milliseconds since 1970: some tabs may keep nothing. */
  #until = 0;
  #probe: SocketLike | undefined;

  constructor(
    transport: Transport,
    private readonly fallbackMs: number,
  ) {
    const mayPoll = transport === 'auto' && fallbackMs > 0 && fallbackMs < Infinity;
    this.#automatic = mayPoll && !!environment.WebSocket;
    this.#polls = transport === 'longpoll' || (mayPoll && (!this.#automatic || this.#isRemembered()));
  }

  /** Throws on what is no address. */
  open(url: string): SocketLike {
    this.#polled = this.#polls;
    this.#joined = false;
    return this.#polls ? new LongPollSocket(url) : newWebSocket(url);
  }

  /** Milliseconds that the socket which was opened last has to open, and to answer. */
  patience(answerMs: number): number {
    // Browsers open six connections to a host over HTTP/1.1: requests may wait until a poll of another one ends.
    if (this.#polled) return answerMs * pollingFactor;
    return this.#automatic && !this.#proven ? Math.min(answerMs, this.fallbackMs) : answerMs;
  }

  /** The join was answered. */
  joined(): void {
    this.#joined = true;
    if (!this.#polled) {
      this.#proven = true;
      this.#forget();
    } else if (!this.#isRemembered()) this.#remember();
  }

  /** More than the join was answered. */
  works(): void {
    if (!this.#polled) this.#failures = 0;
  }

  /** The last socket is lost, or led to nothing. */
  failed(wasSilent: boolean): void {
    this.close();
    if (!this.#automatic) return;
    if (this.#polled) this.#polls = this.#joined && this.#isRemembered();
    else {
      this.#failures += wasSilent ? silence : 1;
      this.#polls = this.#failures >= (this.#proven ? limits.proven : limits.unproven);
    }
  }

  /** Whether the next socket is another one than the last because that has failed. */
  get changes(): boolean {
    return this.#polls && !this.#polled;
  }

  /** Whether there is nothing that may get through where the last socket did not. */
  get isLast(): boolean {
    return this.#polled || !this.#automatic;
  }

  /** Whatever was found out is no longer so. */
  networkChanged(): void {
    if (!this.#automatic) return;
    this.#polls = this.#proven = false;
    this.#failures = 0;
    this.#forget();
  }

  /** Long polls are dear: now and then, and beside them, finds out whether a WebSocket gets through after all. */
  lookBack(url: string, found: () => void): void {
    if (!this.#automatic || !this.#polled || this.#isRemembered()) return;
    this.#remember();
    this.close();
    const probe = newWebSocket(url);
    this.#probe = probe;
    probe.addEventListener('open', () => {
      if (this.#probe !== probe) return;
      this.networkChanged();
      this.close();
      found();
    });
  }

  /** Looks back no more. */
  close(): void {
    const probe = this.#probe;
    this.#probe = undefined;
    probe?.close();
  }

  #isRemembered(): boolean {
    const kept = Number(inMemory((storage) => storage.getItem(key)) ?? 0);
    const left = Math.max(kept, this.#until) - Date.now();
    // More than that was not written by this clock.
    return left > 0 && left <= rememberedForMs;
  }

  #remember(): void {
    if (!this.#automatic) return;
    this.#until = Date.now() + rememberedForMs;
    inMemory((storage) => storage.setItem(key, String(this.#until)));
  }

  #forget(): void {
    this.#until = 0;
    inMemory((storage) => storage.removeItem(key));
  }
}

function newWebSocket(url: string): SocketLike {
  const Socket = environment.WebSocket;
  if (!Socket) throw new Error('There is no WebSocket here. In Node, use version 22 or later.');
  return new Socket(url);
}

/** The memory of this tab. */
function inMemory<Result>(use: (storage: StorageLike) => Result): Result | undefined {
  try {
    return environment.sessionStorage && use(environment.sessionStorage);
  } catch {
    return undefined;
  }
}

import type { AggregateAddress } from '@headrace/contracts';
import type { AnswerPieces, ChannelFeed, ChannelSubscription, EventLog, Recorded } from '@headrace/event-log';
import { Logger } from '@nestjs/common';
import { pushToAll } from '../phoenix/shared-frame.js';
import type { Subscription } from '../phoenix/subscription.js';
import { AnswerStream } from './answer-stream.js';
import type { RealtimeFacts } from './realtime-facts.js';
import { toldStateOf, type ToldState } from './request-state.js';
import type { ChannelIds } from './response-topic.js';
import type { TokenSession } from './token-session.js';

type Watcher = Subscription<TokenSession>;

/** What a watch reaches the world through. */
export interface WatchPorts {
  readonly log: EventLog;
  readonly feed: ChannelFeed;
  readonly pieces: AnswerPieces;
  readonly facts: RealtimeFacts;
}

const logger = new Logger('ChannelWatch');

/** Server event that carries every state of a request. */
const responseEvent = 'response';
const firstRetryMs = 100;
const longestRetryMs = 5_000;

/**
 * One channel followed for all sockets of this process: one feed subscription, whatever their number.
 *
 * States come from the feed and from reads of the log, in any order; the sequence in the log decides which is
 * newer, so that no socket ever sees an older state after a newer one.
 */
export class ChannelWatch {
  readonly #watchers = new Set<Watcher>();
  readonly #feed: ChannelSubscription;
  #sequence = 0;
  #latest: ToldState | undefined;
  /** What is being generated, from when it is known that something is. */
  #answer: AnswerStream | undefined;
  #reading = false;
  #readAgain = false;
  #closed = false;
  /** Ends the pause before the next try of a read. */
  #wake: (() => void) | undefined;

  /** Follows from now on; nothing that is read of the log later can be missed. `onClose` is called once. */
  constructor(
    readonly ids: ChannelIds,
    private readonly ports: WatchPorts,
    private readonly onClose: (watch: ChannelWatch) => void,
  ) {
    this.#feed = ports.feed.subscribe(ids.project, ids.channel, (event) => this.#advance(event));
  }

  /** Sockets that are told. */
  get size(): number {
    return this.#watchers.size;
  }

  /** Adds a socket whose join is answered. It gets the known state at once, the first one makes us read it. */
  add(watcher: Watcher): void {
    const first = this.#watchers.size === 0;
    this.#watchers.add(watcher);
    if (this.#latest) watcher.push(responseEvent, this.#latest.payload);
    this.#answer?.add(watcher);
    if (first) this.#recordJoinAfter(this.read(), watcher.topic, new Date());
  }

  /** Removes a socket; the last one takes the watch with it. */
  remove(watcher: Watcher): void {
    this.#watchers.delete(watcher);
    this.#answer?.remove(watcher);
    if (this.#watchers.size === 0) this.#close();
  }

  /**
   * Reads the state from the log and tells it, if it is newer. A log that cannot be read is asked again until
   * it can, or until nobody is left to tell. Resolves to the state read.
   */
  async read(): Promise<Recorded | undefined> {
    this.#readAgain = this.#reading;
    if (this.#reading) return undefined;
    this.#reading = true;
    const address: AggregateAddress = { ...this.ids, aggregate: 'request' };
    let last: Recorded | undefined;
    for (let failures = 0; !this.#closed;) {
      this.#readAgain = false;
      try {
        last = await this.ports.log.last(address);
        if (last) this.#advance(last);
        if (!this.#readAgain) break;
        failures = 0;
      } catch (error) {
        logger.warn(`The state of channel ${this.ids.channel} could not be read, trying again: ${String(error)}`);
        await this.#pause(Math.min(firstRetryMs * 2 ** failures, longestRetryMs));
        failures += 1;
      }
    }
    this.#reading = false;
    return last;
  }

  #advance(event: Recorded): void {
    if (this.#closed || event.sequence <= this.#sequence) return;
    this.#sequence = event.sequence;
    const state = toldStateOf(event);
    // Before the state goes out: what is told of the answer piece by piece never comes after it.
    this.#answer?.close();
    this.#answer = state ? undefined : new AnswerStream(this.ports.pieces, this.ids, this.#watchers);
    if (!state) return;
    this.#latest = state;
    pushToAll(this.#watchers, responseEvent, state.payload);
    const pushed = { status: state.status, sockets: this.#watchers.size, pushedAt: new Date().toISOString() };
    if (pushed.sockets > 0) this.ports.facts.pushed(event, pushed);
    if (state.final) this.#finish();
  }

  /** After the final state the subscriptions end, and the sockets stay: a close would make clients reconnect. */
  #finish(): void {
    const watchers = [...this.#watchers];
    this.#close();
    for (const watcher of watchers) watcher.close();
  }

  #close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#watchers.clear();
    this.#feed.close();
    this.#answer?.close();
    this.#wake?.();
    this.onClose(this);
  }

  /** Recorded once the state is read, so that the fact belongs to the request's trace. */
  #recordJoinAfter(read: Promise<Recorded | undefined>, topic: string, joinedAt: Date): void {
    void read.then((state) => {
      this.ports.facts.joined(this.ids, { topic, joinedAt: joinedAt.toISOString() }, state);
    });
  }

  #pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds).unref();
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

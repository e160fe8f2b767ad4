import type { ChannelFeed, ChannelSubscription, EventLog, Recorded } from '@headrace/event-log';
import { Logger } from '@nestjs/common';
import type { StopReason } from './stop-reason.js';

/** A request by its project and channel. */
export interface RequestIds {
  readonly project: string;
  readonly channel: string;
}

/** Who follows a request. */
export interface RequestListener {
  /** The last place in the log that is known already; 0: none is. */
  readonly after?: number;
  /** The only types of events that matter. */
  readonly types?: readonly string[];
  /** Told of request events in the order of the log, each once. */
  onEvent(event: Recorded): void;
  /** Nothing more is told: the process stops, or what let the client in has ended. */
  onStop(why: StopReason): void;
}

/** What following reaches the world through. */
export interface FollowPorts {
  readonly log: Pick<EventLog, 'last' | 'read'>;
  readonly feed: Pick<ChannelFeed, 'subscribe'>;
}

const logger = new Logger('follow');
const readAgainMs = 500;

/**
 * One request followed for one client. What the feed tells waits while the log is read, so that nothing of what was
 * missed is told too late or left out: whoever begins calls `read`, then `tell` with what it got.
 */
export class FollowedRequest {
  readonly #feed: ChannelSubscription;
  #after: number;
  /** What the feed told while the log is read. */
  #held: Recorded[] | undefined = [];
  #isStale = false;
  #readAgain: NodeJS.Timeout | undefined;
  #isClosed = false;

  /** Follows from now on. `onClose` is called once. */
  constructor(
    readonly ids: RequestIds,
    private readonly listener: RequestListener,
    private readonly ports: FollowPorts,
    private readonly onClose: (followed: FollowedRequest) => void,
  ) {
    this.#after = listener.after ?? 0;
    const take = (event: Recorded): void => this.#take(event);
    this.#feed = ports.feed.subscribe(ids.project, ids.channel, take, listener.types);
  }

  /**
   * What there is to tell: all that is behind the place that is known, only the newest event when none is, or when it
   * is no place of this log. Nothing when the log has nothing of the request. Errors: those of the log.
   */
  async read(): Promise<{ readonly last: Recorded | undefined; readonly news: readonly Recorded[] }> {
    const address = { ...this.ids, aggregate: 'request' } as const;
    if (this.#after === 0) {
      const last = await this.ports.log.last(address);
      return { last, news: last ? [last] : [] };
    }
    const events = await this.ports.log.read(address);
    const last = events.at(-1);
    if (last && last.sequence >= this.#after) {
      return { last, news: events.filter(({ sequence }) => sequence > this.#after) };
    }
    this.#after = 0;
    return { last, news: last ? [last] : [] };
  }

  /** Tells what was read and what came meanwhile, and from then on what comes. */
  tell(news: readonly Recorded[]): void {
    const events = [...news, ...(this.#held ?? [])];
    this.#held = undefined;
    for (const event of events) this.#take(event);
    if (this.#isStale && this.hold()) void this.catchUp();
  }

  /**
   * Has what comes now wait until `catchUp` told what came while the connection was away. False if that is not to be
   * called: nobody is to be told, or the log is being read already, and then it is read again.
   */
  hold(): boolean {
    this.#isStale = this.#held !== undefined;
    if (this.#isStale || this.#isClosed) return false;
    this.#held = [];
    return true;
  }

  /** Tells what was missed. Resolves when the log was asked; if it cannot be read, it is asked again until it can. */
  async catchUp(): Promise<void> {
    if (!this.#isClosed) await this.#readUntilKnown();
  }

  /** Tells nothing more. */
  stop(why: StopReason): void {
    if (!this.#isClosed) this.listener.onStop(why);
  }

  /** Follows no longer. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    clearTimeout(this.#readAgain);
    this.#feed.close();
    this.onClose(this);
  }

  async #readUntilKnown(): Promise<void> {
    try {
      const { news } = await this.read();
      this.tell(news);
    } catch (error) {
      logger.warn({ msg: 'A followed request could not be read, trying again', ...this.ids, err: error });
      if (!this.#isClosed) this.#readAgain = setTimeout(() => void this.#readUntilKnown(), readAgainMs);
    }
  }

  #take(event: Recorded): void {
    if (this.#isClosed) return;
    if (this.#held) this.#held.push(event);
    else if (event.sequence > this.#after) {
      this.#after = event.sequence;
      this.listener.onEvent(event);
    }
  }
}

import type { AggregateAddress } from '@headrace/contracts';
import type { AppendOptions, ChannelFeed, ChannelSubscription, Recorded } from '@headrace/event-log';
import { InMemoryEventLog } from '@headrace/event-log/testing';

type OnEvent = (event: Recorded) => void;

/** The log in memory with its feed, and with a connection that can be lost. */
export class FollowedEventLog extends InMemoryEventLog implements ChannelFeed {
  readonly #clock: { now: Date | undefined };
  readonly #followers = new Map<string, Set<OnEvent>>();
  readonly #reconnectListeners = new Set<() => void>();
  readonly #awaited: { readonly type: string; readonly resolve: OnEvent }[] = [];
  /** Whether the feed tells what is stored. */
  connected = true;
  /** Reads that fail from now on. */
  failingReads = 0;
  /** Awaited by every read before it answers. */
  readGate: Promise<unknown> = Promise.resolve();
  /** Reads that have begun. */
  reads = 0;

  /** What the next append waits for. */
  #hold: { readonly begun: () => void; readonly released: Promise<void> } | undefined;
  #unfollowed = Promise.withResolvers<undefined>();

  constructor() {
    const clock: { now: Date | undefined } = { now: undefined };
    super(() => clock.now ?? new Date());
    this.#clock = clock;
  }

  /** Appends as of a time in the past. */
  async appendAt(time: Date, address: AggregateAddress, event: { type: string; data: unknown }): Promise<void> {
    this.#clock.now = time;
    await this.append(address, event);
    this.#clock.now = undefined;
  }

  /** Has the next append wait until it is released. */
  holdAppend(): { readonly begun: Promise<void>; readonly release: () => void } {
    const begun = Promise.withResolvers<void>();
    const released = Promise.withResolvers<void>();
    this.#hold = { begun: begun.resolve, released: released.promise };
    return { begun: begun.promise, release: released.resolve };
  }

  /** Resolves when somebody follows a channel no longer. */
  unfollowed(): Promise<undefined> {
    return this.#unfollowed.promise;
  }

  /** How many follow a channel. */
  get followers(): number {
    return [...this.#followers.values()].reduce((sum, { size }) => sum + size, 0);
  }

  /** Resolves to the next event of a type that is appended. */
  appended(type: string): Promise<Recorded> {
    return new Promise((resolve) => this.#awaited.push({ type, resolve }));
  }

  override async append(
    address: AggregateAddress,
    event: { readonly type: string; readonly data: unknown },
    options: AppendOptions = {},
  ): Promise<number> {
    const hold = this.#hold;
    this.#hold = undefined;
    hold?.begun();
    await hold?.released;
    const sequence = await super.append(address, event, options);
    const recorded = this.all[sequence - 1];
    if (!recorded || address.aggregate !== 'request') return sequence;
    if (this.connected) for (const onEvent of this.#followers.get(address.channel) ?? []) onEvent(recorded);
    for (const awaited of this.#awaited.filter(({ type }) => type === event.type)) {
      this.#awaited.splice(this.#awaited.indexOf(awaited), 1);
      awaited.resolve(recorded);
    }
    return sequence;
  }

  override async last(address: AggregateAddress): Promise<Recorded | undefined> {
    if (this.failingReads > 0) {
      this.failingReads -= 1;
      throw new Error('the log is away');
    }
    this.reads += 1;
    await this.readGate;
    return super.last(address);
  }

  override async read(address: AggregateAddress): Promise<Recorded[]> {
    this.reads += 1;
    await this.readGate;
    return super.read(address);
  }

  subscribe(_project: string, channel: string, onEvent: OnEvent): ChannelSubscription {
    const followers = this.#followers.get(channel) ?? new Set();
    this.#followers.set(channel, followers.add(onEvent));
    return {
      close: () => {
        followers.delete(onEvent);
        this.#unfollowed.resolve(undefined);
        this.#unfollowed = Promise.withResolvers();
      },
    };
  }

  onReconnect(listener: () => void): ChannelSubscription {
    this.#reconnectListeners.add(listener);
    return { close: () => void this.#reconnectListeners.delete(listener) };
  }

  reconnect(): void {
    this.connected = true;
    for (const listener of this.#reconnectListeners) listener();
  }
}

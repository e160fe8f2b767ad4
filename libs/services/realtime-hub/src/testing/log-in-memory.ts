import type { AggregateAddress } from '@headrace/contracts';
import type { AppendOptions, ChannelFeed, ChannelSubscription, ProjectFeed, Recorded } from '@headrace/event-log';
import { InMemoryEventLog } from '@headrace/event-log/testing';

interface Follower {
  readonly channel: string;
  readonly onEvent: (event: Recorded) => void;
}

/** The log in memory with its feed, and with the faults that a network has. */
export class LogInMemory extends InMemoryEventLog implements ChannelFeed {
  readonly #clock: { now: Date | undefined };
  readonly #followers = new Set<Follower>();
  readonly #projectFollowers = new Set<{ readonly project: string; readonly onEvent: (event: Recorded) => void }>();
  readonly #reconnectListeners = new Set<() => void>();
  readonly #appendListeners = new Set<(event: Recorded) => void>();
  /** Whether stored events reach the feed's followers. */
  connected = true;
  /** Reads that fail from now on. */
  failingReads = 0;
  /** Appends that fail from now on. */
  failingAppends = 0;
  /** Awaited by every read after it looked, so that its answer may be old when it arrives. */
  readGate: Promise<unknown> = Promise.resolve();
  reads = 0;
  appends = 0;

  constructor() {
    const clock: { now: Date | undefined } = { now: undefined };
    super(() => clock.now ?? new Date());
    this.#clock = clock;
  }

  /** Feed subscriptions. */
  get followers(): number {
    return this.#followers.size;
  }

  /** Appends as of a time in the past. */
  async appendAt(time: Date, address: AggregateAddress, event: { type: string; data: unknown }): Promise<void> {
    this.#clock.now = time;
    const appended = this.append(address, event);
    this.#clock.now = undefined;
    await appended;
  }

  override async append(
    address: AggregateAddress,
    event: { readonly type: string; readonly data: unknown },
    options: AppendOptions = {},
  ): Promise<number> {
    this.appends += 1;
    if (this.failingAppends > 0) {
      this.failingAppends -= 1;
      throw new Error('the log is away');
    }
    const before = this.all.length;
    const appended = super.append(address, event, options);
    const recorded = this.all.length > before ? this.all.at(-1) : undefined;
    const sequence = await appended;
    if (recorded && this.connected && address.aggregate === 'request') this.tell(recorded);
    if (recorded && this.connected) {
      for (const { project, onEvent } of [...this.#projectFollowers])
        if (project === address.project) onEvent(recorded);
    }
    if (recorded) for (const listener of [...this.#appendListeners]) listener(recorded);
    return sequence;
  }

  /** Tells the feed's followers of an event. */
  tell(event: Recorded): void {
    for (const { channel, onEvent } of [...this.#followers]) if (channel === event.address.channel) onEvent(event);
  }

  /** Resolves to the next event of a type that is appended, of a channel if one is named. */
  appended(type: string, channel?: string): Promise<Recorded> {
    return new Promise((resolve) => {
      const listener = (event: Recorded): void => {
        if (event.type !== type || (channel !== undefined && event.address.channel !== channel)) return;
        this.#appendListeners.delete(listener);
        resolve(event);
      };
      this.#appendListeners.add(listener);
    });
  }

  reconnect(): void {
    this.connected = true;
    for (const listener of [...this.#reconnectListeners]) listener();
  }

  override async last(address: AggregateAddress): Promise<Recorded | undefined> {
    return this.#asRead(await super.last(address));
  }

  override async read(address: AggregateAddress): Promise<Recorded[]> {
    return this.#asRead(await super.read(address));
  }

  async #asRead<Found>(found: Found): Promise<Found> {
    this.reads += 1;
    if (this.failingReads > 0) {
      this.failingReads -= 1;
      throw new Error('the log is away');
    }
    await this.readGate;
    return found;
  }

  subscribe(_project: string, channel: string, onEvent: (event: Recorded) => void): ChannelSubscription {
    const follower = { channel, onEvent };
    this.#followers.add(follower);
    return { close: () => void this.#followers.delete(follower) };
  }

  /** Feed subscriptions of a whole project. */
  followersOf(project: string): number {
    return [...this.#projectFollowers].filter((follower) => follower.project === project).length;
  }

  /** The feed of whole projects. */
  readonly ofProjects: ProjectFeed = {
    subscribe: (project, onEvent) => {
      const follower = { project, onEvent };
      this.#projectFollowers.add(follower);
      return { ready: Promise.resolve(), close: () => void this.#projectFollowers.delete(follower) };
    },
    onReconnect: (listener) => this.onReconnect(listener),
  };

  onReconnect(listener: () => void): ChannelSubscription {
    this.#reconnectListeners.add(listener);
    return { close: () => void this.#reconnectListeners.delete(listener) };
  }
}

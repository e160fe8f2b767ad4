import { readAfterReconnect, type ChannelSubscription, type ChannelViewers } from '@headrace/event-log';
import type { Subscription } from '../phoenix/subscription.js';
import { ChannelWatch, type WatchPorts } from './channel-watch.js';
import type { ChannelIds } from './response-topic.js';
import type { TokenSession } from './token-session.js';

/** The channels that sockets of this process follow, and no others. */
export class ChannelWatches {
  readonly #watches = new Map<string, ChannelWatch>();
  readonly #reconnects: ChannelSubscription;

  constructor(private readonly ports: WatchPorts) {
    this.#reconnects = ports.feed.onReconnect(() => void this.readAll());
  }

  /** Channels followed. */
  get size(): number {
    return this.#watches.size;
  }

  /** How many sockets look on at each channel. */
  *viewers(): Generator<ChannelViewers> {
    for (const { ids, size } of this.#watches.values()) {
      yield { project: ids.project, channel: ids.channel, viewers: size };
    }
  }

  /** Follows a channel; what already is followed stays as it is. */
  follow(ids: ChannelIds): ChannelWatch {
    const followed = this.#watches.get(ids.channel);
    if (followed) return followed;
    const watch = new ChannelWatch(ids, this.ports, () => this.#watches.delete(ids.channel));
    this.#watches.set(ids.channel, watch);
    return watch;
  }

  /** Adds a joined socket. */
  add(subscription: Subscription<TokenSession>): void {
    this.follow(subscription.session).add(subscription);
  }

  /** Removes a socket; a channel that nobody watches is not followed any more. */
  remove(subscription: Subscription<TokenSession>): void {
    this.#watches.get(subscription.session.channel)?.remove(subscription);
  }

  /** Reads the state of every channel again: what happened while the connection was away was not told. */
  async readAll(): Promise<void> {
    await readAfterReconnect(this.#watches.values(), (watch) => watch.read());
  }

  close(): void {
    this.#reconnects.close();
    this.ports.facts.close();
  }
}

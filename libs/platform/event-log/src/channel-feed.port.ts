import type { Recorded } from './event-log.port.js';

/** A live view of one channel; `close` ends it. */
export interface ChannelSubscription {
  close(): void;
}

/**
 * Stored request events as they happen: only what is durable, each once, in order, while connected.
 * After a reconnect some may be missing, so `onReconnect` listeners read the state again.
 */
export interface ChannelFeed {
  /**
   * Follows one channel. A read of the log made after this call misses nothing that the feed does not tell. `types`:
   * the only events that matter to the listener, which spares reading the others; it may get them all the same.
   */
  subscribe(
    project: string,
    channel: string,
    onEvent: (event: Recorded) => void,
    types?: readonly string[],
  ): ChannelSubscription;
  /** Calls back whenever the connection was lost and is back. */
  onReconnect(listener: () => void): ChannelSubscription;
}

/** Injection token of the process's channel feed. */
export const CHANNEL_FEED = Symbol('ChannelFeed');

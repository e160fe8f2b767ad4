import type { ChannelSubscription } from './channel-feed.port.js';

/**
 * The requests of all projects that fail or are cancelled, as it happens: for those who work on one and can stop.
 * Best effort: what happens while the connection is lost is not told; `onReconnect` says that it may have.
 */
export interface RequestFailures {
  /** Calls back with every request that failed, once that is stored. */
  follow(onFailure: (project: string, channel: string) => void): ChannelSubscription;
  /** Calls back whenever the connection was lost and is back. */
  onReconnect(listener: () => void): ChannelSubscription;
}

/** Injection token of the process's view of failed requests. */
export const REQUEST_FAILURES = Symbol('RequestFailures');

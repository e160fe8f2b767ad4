import type { ChannelSubscription } from './channel-feed.port.js';
import type { Recorded } from './event-log.port.js';

/**
 * What happens to the requests of one project, for those who watch all of them: every decision on a request, once it is
 * stored, and the outcomes of deliveries, refused callbacks and what was pushed to sockets, as they are written.
 *
 * Best effort, for people who look on. A fact of a delivery that two processes try to write at once may be told twice,
 * so what is to be relied on is read from the log or the read model. What happens while the connection is lost is not
 * told; `onReconnect` says that it may have.
 */
export interface ProjectFeed {
  /** Follows one project; nothing that happens after `ready` is missed. */
  subscribe(project: string, onEvent: (event: Recorded) => void): ProjectSubscription;
  /** Calls back whenever the connection was lost and is back. */
  onReconnect(listener: () => void): ChannelSubscription;
}

/** A project that is followed until it is closed. */
export interface ProjectSubscription extends ChannelSubscription {
  /** Resolves once the subscription is in force, whoever writes. Never rejects: while the connection is lost, at once. */
  readonly ready: Promise<void>;
}

/** Injection token of the process's project feed. */
export const PROJECT_FEED = Symbol('ProjectFeed');

import type { ChannelSubscription } from '../channel-feed.port.js';
import type { RequestFailures } from '../request-failures.port.js';

/** Failures that the test tells of. */
export class InMemoryRequestFailures implements RequestFailures {
  private readonly followers = new Set<(project: string, channel: string) => void>();
  private readonly reconnectListeners = new Set<() => void>();

  follow(onFailure: (project: string, channel: string) => void): ChannelSubscription {
    this.followers.add(onFailure);
    return { close: () => void this.followers.delete(onFailure) };
  }

  onReconnect(listener: () => void): ChannelSubscription {
    this.reconnectListeners.add(listener);
    return { close: () => void this.reconnectListeners.delete(listener) };
  }

  /** Says that a request failed. */
  tell(project: string, channel: string): void {
    for (const follower of this.followers) follower(project, channel);
  }

  /** Says that the connection was lost and is back. */
  reconnect(): void {
    for (const listener of this.reconnectListeners) listener();
  }
}

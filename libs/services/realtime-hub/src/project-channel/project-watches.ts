import type { ChannelSubscription } from '@headrace/event-log';
import type { Subscription } from '../phoenix/subscription.js';
import type { TokenSession } from '../response-channel/token-session.js';
import { ProjectWatch, type ProjectWatchPorts } from './project-watch.js';

/** The projects that sockets of this process watch, and no others. */
export class ProjectWatches {
  readonly #watches = new Map<string, ProjectWatch>();
  readonly #reconnects: ChannelSubscription;

  constructor(private readonly ports: ProjectWatchPorts) {
    this.#reconnects = ports.feed.onReconnect(() => {
      for (const watch of this.#watches.values()) watch.interrupt();
    });
  }

  /** Adds a socket. Its join is to be answered once this resolves: what happens after that is told. */
  async add(subscription: Subscription<TokenSession>): Promise<void> {
    const { project } = subscription.session;
    const watch = this.#watches.get(project) ?? new ProjectWatch(this.ports, project);
    this.#watches.set(project, watch);
    await watch.add(subscription);
  }

  /** Begins to tell a socket whose join is answered. */
  begin(subscription: Subscription<TokenSession>): void {
    this.#watches.get(subscription.session.project)?.begin(subscription);
  }

  /** Removes a socket; a project that nobody watches is not followed any more. */
  remove(subscription: Subscription<TokenSession>): void {
    const { project } = subscription.session;
    const watch = this.#watches.get(project);
    watch?.remove(subscription);
    if (!watch || watch.size > 0) return;
    this.#watches.delete(project);
    watch.close();
  }

  close(): void {
    this.#reconnects.close();
    for (const watch of this.#watches.values()) watch.close();
    this.#watches.clear();
  }
}

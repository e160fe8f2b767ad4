import { PreparedJson } from '@headrace/contracts';
import type { ChannelSubscription, ProjectFeed, ProjectSubscription, Recorded, Viewers } from '@headrace/event-log';
import type { Subscription } from '../phoenix/subscription.js';
import type { TokenSession } from '../response-channel/token-session.js';
import { LiveViewers } from './live-viewers.js';
import { projectChangeOf } from './project-change.js';
import { RecentChanges } from './recent-changes.js';

type Watcher = Subscription<TokenSession>;

/** Server event with what changed: `{changes, dropped}`. */
const changesEvent = 'changes';
/** Server event with how many look on at requests: `{viewers}`, those whose number has changed. */
const viewersEvent = 'viewers';
/** Server event after a lost connection: changes may be missing, so what is shown is to be read again. */
const interruptedEvent = 'interrupted';
const interrupted = PreparedJson.of({});
/** What happens within so many milliseconds goes out as one frame. */
export const mergeMs = 100;
/** A socket for which so many bytes wait is told nothing until it has read. Far below where sockets are cut. */
const mostWaitingBytes = 64 * 1024;

/** What a watch reaches the world through. */
export interface ProjectWatchPorts {
  readonly feed: ProjectFeed;
  readonly viewers: Pick<Viewers, 'watch'>;
}

/** How far a socket was told. */
interface Told {
  changes: number;
  viewers: number;
}

/** One project followed for all sockets of this process: one feed subscription, whatever their number. */
export class ProjectWatch {
  readonly #told = new Map<Watcher, Told>();
  /** Sockets whose join is not answered yet, with the place from which on they are told. */
  readonly #joining = new Map<Watcher, number>();
  readonly #changes = new RecentChanges();
  readonly #viewers = new LiveViewers();
  readonly #feed: ProjectSubscription;
  readonly #counting: ChannelSubscription;
  #timer: NodeJS.Timeout | undefined;

  constructor({ feed, viewers }: ProjectWatchPorts, project: string) {
    this.#feed = feed.subscribe(project, (event) => this.#take(event));
    this.#counting = viewers.watch(project, (channel, count) => {
      this.#viewers.set(channel, count);
      this.#tellSoon();
    });
  }

  /** Sockets that are told or will be. */
  get size(): number {
    return this.#told.size + this.#joining.size;
  }

  /** Keeps for a socket what happens from now on. Resolves once nothing is missed: then its join may be answered. */
  async add(watcher: Watcher): Promise<void> {
    this.#joining.set(watcher, this.#changes.end);
    await this.#feed.ready;
  }

  /** Tells a socket whose join is answered what happened since it was added, and what happens. */
  begin(watcher: Watcher): void {
    const from = this.#joining.get(watcher);
    if (from === undefined) return;
    this.#joining.delete(watcher);
    this.#told.set(watcher, { changes: from, viewers: 0 });
    if (from < this.#changes.end || this.#viewers.isNewsFor(0)) this.#tellSoon();
  }

  remove(watcher: Watcher): void {
    this.#told.delete(watcher);
    this.#joining.delete(watcher);
  }

  /** The feed was interrupted and goes on. */
  interrupt(): void {
    for (const watcher of this.#told.keys()) watcher.push(interruptedEvent, interrupted);
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#feed.close();
    this.#counting.close();
  }

  #take(event: Recorded): void {
    const change = projectChangeOf(event);
    if (!change) return;
    this.#changes.add(change);
    this.#tellSoon();
  }

  #tellSoon(): void {
    this.#timer ??= setTimeout(this.#tell, mergeMs).unref();
  }

  readonly #tell = (): void => {
    this.#timer = undefined;
    let toldToAll = this.#viewers.end;
    for (const [watcher, told] of this.#told) {
      this.#tellOne(watcher, told);
      toldToAll = Math.min(toldToAll, told.viewers);
    }
    this.#viewers.forgetGone(toldToAll);
  };

  #tellOne(watcher: Watcher, told: Told): void {
    while (told.changes < this.#changes.end) {
      if (watcher.waitingBytes > mostWaitingBytes) return this.#tellSoon();
      const { upTo, payload } = this.#changes.frameFrom(told.changes);
      told.changes = upTo;
      watcher.push(changesEvent, payload);
    }
    while (this.#viewers.isNewsFor(told.viewers)) {
      if (watcher.waitingBytes > mostWaitingBytes) return this.#tellSoon();
      const { upTo, payload } = this.#viewers.frameFrom(told.viewers);
      told.viewers = upTo;
      watcher.push(viewersEvent, payload);
    }
  }
}

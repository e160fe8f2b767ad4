import type { ChannelSubscription } from '../channel-feed.port.js';
import type { ChannelViewers, Viewers } from '../viewers.port.js';

interface Watching {
  readonly project: string;
  readonly onChange: (channel: string, viewers: number) => void;
  readonly told: Map<string, number>;
}

/** Numbers that are told when the test says so. */
export class InMemoryViewers implements Viewers {
  private readonly reporters = new Set<() => Iterable<ChannelViewers>>();
  private readonly watching = new Set<Watching>();

  report(counts: () => Iterable<ChannelViewers>): ChannelSubscription {
    this.reporters.add(counts);
    return { close: () => void this.reporters.delete(counts) };
  }

  watch(project: string, onChange: (channel: string, viewers: number) => void): ChannelSubscription {
    const watching = { project, onChange, told: new Map<string, number>() };
    this.watching.add(watching);
    return { close: () => void this.watching.delete(watching) };
  }

  /** How many watch. */
  get watchers(): number {
    return this.watching.size;
  }

  /** Tells whoever watches what has changed. */
  tell(): void {
    const all = [...this.reporters].flatMap((counts) => [...counts()]);
    for (const { project, onChange, told } of this.watching) {
      const now = new Map([...told.keys()].map((channel) => [channel, 0]));
      for (const { channel, viewers } of all.filter((one) => one.project === project)) {
        now.set(channel, (now.get(channel) ?? 0) + viewers);
      }
      for (const [channel, viewers] of now) {
        if ((told.get(channel) ?? 0) !== viewers) onChange(channel, viewers);
        told.set(channel, viewers);
      }
    }
  }
}

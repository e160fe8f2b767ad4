import type { ChannelViewers } from '@headrace/event-log';
import type { ViewerReport } from './viewer-report.js';

/** Channels of one project that a process tells of: what goes into one message. */
const mostChannels = 10_000;

interface Asked {
  /** When it counts as not asked any more. */
  until: number;
  /** Whether all numbers are wanted, as when somebody has just asked. */
  all: boolean;
  /** What was told last. */
  told: ReadonlyMap<string, number>;
}

/**
 * Tells of the viewers of one process, of the projects that are asked for: all numbers to who asks, and then what
 * changes. It looks, all at once for all projects, each time `report` is called; who comes and goes pays nothing.
 */
export class ViewerReporter {
  private readonly asked = new Map<string, Asked>();

  constructor(
    private readonly from: string,
    private readonly counts: () => Iterable<ChannelViewers>,
    private readonly publish: (project: string, report: ViewerReport) => void,
  ) {}

  /** Whether anybody wants to know anything. */
  get isAsked(): boolean {
    return this.asked.size > 0;
  }

  /** Somebody wants to know of a project until then. */
  ask(project: string, until: number): void {
    this.asked.set(project, { told: new Map(), ...this.asked.get(project), until, all: true });
  }

  /** Tells what is new, and forgets what nobody asks for any more. */
  report(now: number): void {
    for (const [project, { until }] of this.asked) if (until <= now) this.asked.delete(project);
    if (!this.isAsked) return;
    const counted = this.counted();
    for (const [project, asked] of this.asked) this.tell(project, asked, counted.get(project) ?? new Map());
  }

  /** Tells that nobody looks on here any more. */
  close(): void {
    for (const [project, { told }] of this.asked) {
      if (told.size > 0) this.publish(project, { from: this.from, all: true, viewers: {} });
    }
    this.asked.clear();
  }

  private tell(project: string, asked: Asked, now: ReadonlyMap<string, number>): void {
    const { all, told } = asked;
    asked.all = false;
    asked.told = now;
    const changed = all ? [...now] : changesOf(told, now);
    // Who has nothing to tell, and had nothing, is not waited for.
    if (changed.length === 0 && (!all || told.size === 0)) return;
    this.publish(project, { from: this.from, all, viewers: Object.fromEntries(changed) });
  }

  private counted(): Map<string, Map<string, number>> {
    const byProject = new Map<string, Map<string, number>>();
    for (const project of this.asked.keys()) byProject.set(project, new Map());
    for (const { project, channel, viewers } of this.counts()) {
      const ofProject = byProject.get(project);
      const before = ofProject?.get(channel);
      if (!ofProject || viewers === 0 || (before === undefined && ofProject.size >= mostChannels)) continue;
      ofProject.set(channel, (before ?? 0) + viewers);
    }
    return byProject;
  }
}

function changesOf(before: ReadonlyMap<string, number>, now: ReadonlyMap<string, number>): [string, number][] {
  const gone = [...before.keys()].filter((channel) => !now.has(channel));
  const changed = [...now].filter(([channel, viewers]) => before.get(channel) !== viewers);
  return [...changed, ...gone.map((channel): [string, number] => [channel, 0])];
}

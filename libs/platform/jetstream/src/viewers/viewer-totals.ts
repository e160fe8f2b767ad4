import type { ViewerReport } from './viewer-report.js';

interface Process {
  viewers: Map<string, number>;
  heardAt: number;
}

/** Adds up what processes tell of those who look on at the channels of a project. */
export class ViewerTotals {
  private readonly processes = new Map<string, Process>();
  private readonly totals = new Map<string, number>();

  /** `onChange` is called with each sum that changes. */
  constructor(private readonly onChange: (channel: string, viewers: number) => void) {}

  take({ from, all, viewers }: ViewerReport, now: number): void {
    const process = this.processes.get(from) ?? { viewers: new Map<string, number>(), heardAt: now };
    this.processes.set(from, process);
    process.heardAt = now;
    const told = new Map(Object.entries(viewers));
    if (all) for (const channel of process.viewers.keys()) if (!told.has(channel)) told.set(channel, 0);
    for (const [channel, count] of told) this.set(process, channel, count);
  }

  /** Forgets processes that were last heard of before then: they have ended without a word. */
  forgetSilent(since: number): void {
    for (const [name, process] of this.processes) {
      if (process.heardAt >= since) continue;
      this.processes.delete(name);
      for (const channel of [...process.viewers.keys()]) this.set(process, channel, 0);
    }
  }

  private set(process: Process, channel: string, count: number): void {
    const before = process.viewers.get(channel) ?? 0;
    if (count > 0) process.viewers.set(channel, count);
    else process.viewers.delete(channel);
    if (count === before) return;
    const total = (this.totals.get(channel) ?? 0) + count - before;
    if (total > 0) this.totals.set(channel, total);
    else this.totals.delete(channel);
    this.onChange(channel, total);
  }
}

import { PreparedJson } from '@headrace/contracts';
import type { ProjectChange } from './project-change.js';

/** Changes that are kept for sockets that are behind, in each project that is watched. */
export const mostKept = 500;

/** Some changes as one frame, and where they end. */
export interface ChangesFrame {
  readonly upTo: number;
  readonly payload: PreparedJson;
}

/**
 * The last changes of one project, for all sockets that watch it. A socket is known by how far it was told, a number;
 * so one that is behind costs no memory, and what it can not be told any more is counted.
 */
export class RecentChanges {
  private readonly kept: ProjectChange[] = [];
  /** How many changes there were before the oldest that is kept. */
  private forgotten = 0;
  /** The frame that was made last: most sockets get the same. */
  private made: (ChangesFrame & { readonly from: number }) | undefined;

  /** How many changes there have been. */
  get end(): number {
    return this.forgotten + this.kept.length;
  }

  add(change: ProjectChange): void {
    this.kept.push(change);
    if (this.kept.length <= mostKept) return;
    this.kept.shift();
    this.forgotten += 1;
  }

  /** All changes from a place on, as far as they are kept: `{changes, dropped}`. */
  frameFrom(from: number): ChangesFrame {
    if (this.made?.from === from && this.made.upTo === this.end) return this.made;
    const dropped = Math.max(0, this.forgotten - from);
    const changes = this.kept.slice(Math.max(0, from - this.forgotten));
    this.made = { from, upTo: this.end, payload: PreparedJson.of({ changes, dropped }) };
    return this.made;
  }
}

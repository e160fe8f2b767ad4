import { PreparedJson } from '@headrace/contracts';
import type { ProjectChange } from './project-change.js';

/** Changes that are kept for sockets that are behind, in each project that is watched. */
export const mostKept = 500;
/** Changes of one frame, which bounds what waits for a socket that begins to read slowly. */
export const mostOfFrame = 100;

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

  /** The changes from a place on, as many as are kept and go into one frame: `{changes, dropped}`. */
  frameFrom(from: number): ChangesFrame {
    const start = Math.max(from, this.forgotten);
    const upTo = Math.min(start + mostOfFrame, this.end);
    if (this.made?.from === from && this.made.upTo === upTo) return this.made;
    const changes = this.kept.slice(start - this.forgotten, upTo - this.forgotten);
    this.made = { from, upTo, payload: PreparedJson.of({ changes, dropped: start - from }) };
    return this.made;
  }
}

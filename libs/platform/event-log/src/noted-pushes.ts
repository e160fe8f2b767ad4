import { RecentIds } from './recent-ids.js';

/** A state that is told so long after it came is told to somebody who came late. */
const lateMs = 60_000;
/** States that are remembered. */
const remembered = 10_000;
/** Notes of one state while it is new. */
const mostWhileNew = 20;

/**
 * Which pushes of a state are noted on its timeline: some while it is new, one to those who come late. So clients that
 * come again and again do not fill the log.
 */
export class NotedPushes {
  private readonly toldNew = new RecentIds(remembered, mostWhileNew);
  private readonly toldLate = new RecentIds(remembered);

  /** Whether a push is to be noted, of a state that came so many milliseconds before. */
  add(state: string, ageMs: number): boolean {
    return (ageMs > lateMs ? this.toldLate : this.toldNew).add(state);
  }
}

import { requestPriorities, type RequestPriority } from '@headrace/contracts';
import type { WaitingLine } from '@headrace/event-log';
import type { Claim } from './claim.js';

/** Somebody who waits in this process for a place. */
export interface Waiter {
  readonly claim: Claim;
  /** Came out of a line outside of the process, so it need not be put into one. */
  readonly isFromLine: boolean;
  /**
   * Went on after a wait of its own, so it keeps its seat: a line may have had it before, and takes nobody twice within
   * its duplicate window.
   */
  readonly hasBegun: boolean;
  /** Its turn has come. */
  start(): void;
  /** There is somebody more urgent: it has to wait elsewhere. */
  sendAway(): void;
}

/** Those who wait for the same, the most urgent first and the oldest of them in front. */
type Line = readonly [high: Waiter[], normal: Waiter[], low: Waiter[]];

interface ProjectLines {
  readonly lines: Map<string, Line>;
  waiting: number;
}

/** 0: the most urgent. */
export const rankOf = (priority: RequestPriority): number =>
  requestPriorities.length - 1 - requestPriorities.indexOf(priority);
/** As with places: nobody gets more than three times what is left. */
const shareOfFree = 3;

/**
 * Requests that wait in memory, by project and line. Short: each holds a message that is not acknowledged, so there is
 * a limited number, of which no project can have all; the others wait outside of the process.
 */
export class WaitingRoom {
  private readonly projects = new Map<string, ProjectLines>();
  private count = 0;

  /** `seats`: how many may wait. */
  constructor(private readonly seats: number) {}

  /** How many wait. */
  get size(): number {
    return this.count;
  }

  /** Whether one more of a project may wait here. */
  takes(project: string): boolean {
    const free = this.seats - this.count;
    return free > 0 && (this.projects.get(project)?.waiting ?? 0) < shareOfFree * free;
  }

  /** Whether somebody has to have a place before one with this claim that comes now. */
  isAhead({ project, line, priority }: Claim): boolean {
    const queues = this.projects.get(project)?.lines.get(line);
    return queues?.some((queue, rank) => rank <= rankOf(priority) && queue.length > 0) ?? false;
  }

  /** How many wait who came out of a line outside of the process. */
  fromLine({ project, name, priority }: WaitingLine): number {
    const queue = this.projects.get(project)?.lines.get(name)?.[rankOf(priority)] ?? [];
    return queue.filter(({ isFromLine }) => isFromLine).length;
  }

  add(waiter: Waiter): void {
    const { project, line, priority, since } = waiter.claim;
    const of = this.projects.get(project) ?? { lines: new Map<string, Line>(), waiting: 0 };
    this.projects.set(project, of);
    const queues = of.lines.get(line) ?? ([[], [], []] as const);
    of.lines.set(line, queues);
    const queue = queues[rankOf(priority)] as Waiter[];
    let at = queue.length;
    while (at > 0 && (queue[at - 1] as Waiter).claim.since > since) at -= 1;
    queue.splice(at, 0, waiter);
    of.waiting += 1;
    this.count += 1;
  }

  /** Removes somebody who gave up; false when it is not here any more. */
  remove(waiter: Waiter): boolean {
    const { project, line, priority } = waiter.claim;
    const queue = this.projects.get(project)?.lines.get(line)?.[rankOf(priority)];
    const at = queue?.indexOf(waiter) ?? -1;
    if (!queue || at < 0) return false;
    queue.splice(at, 1);
    this.left(waiter);
    return true;
  }

  /** Takes out who is to have the next place: of the project that has the fewest, the most urgent, then the oldest. */
  next(hasRoom: (claim: Claim) => boolean, inFlightOf: (project: string) => number): Waiter | undefined {
    let chosen: Waiter | undefined;
    let fewest = Infinity;
    for (const [project, { lines }] of this.projects) {
      const inFlight = inFlightOf(project);
      if (inFlight >= fewest) continue;
      const first = firstOf(lines, hasRoom);
      if (first) [chosen, fewest] = [first, inFlight];
    }
    if (!chosen) return undefined;
    this.remove(chosen);
    // Among projects that have equally many, the others are first the next time.
    const { project } = chosen.claim;
    const of = this.projects.get(project);
    if (of && this.projects.delete(project)) this.projects.set(project, of);
    return chosen;
  }

  /** Takes out who is the least urgent of a project, and less than somebody who comes now. */
  displace({ project, priority }: Claim): Waiter | undefined {
    const lines = [...(this.projects.get(project)?.lines.values() ?? [])];
    for (let rank = requestPriorities.length - 1; rank > rankOf(priority); rank -= 1) {
      const candidates = lines.flatMap((queues) => queues[rank]?.findLast(mayLeave) ?? []);
      const youngest = candidates.toSorted((one, other) => other.claim.since - one.claim.since)[0];
      if (youngest && this.remove(youngest)) return youngest;
    }
    return undefined;
  }

  private left({ claim: { project, line } }: Waiter): void {
    this.count -= 1;
    const of = this.projects.get(project);
    if (!of) return;
    of.waiting -= 1;
    if (of.lines.get(line)?.every((queue) => queue.length === 0)) of.lines.delete(line);
    if (of.lines.size === 0) this.projects.delete(project);
  }
}

function firstOf(lines: ReadonlyMap<string, Line>, hasRoom: (claim: Claim) => boolean): Waiter | undefined {
  let best: Waiter | undefined;
  for (const queues of lines.values()) {
    const head = queues.find((queue) => queue.length > 0)?.[0];
    if (!head || (best && !isBefore(head.claim, best.claim))) continue;
    if (hasRoom(head.claim)) best = head;
  }
  return best;
}

const isBefore = (one: Claim, other: Claim): boolean =>
  rankOf(one.priority) - rankOf(other.priority) < 0 || (one.priority === other.priority && one.since < other.since);

const mayLeave = ({ isFromLine, hasBegun }: Waiter): boolean => !isFromLine && !hasBegun;

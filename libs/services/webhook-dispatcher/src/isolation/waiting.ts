import { waitingAt, type EndpointLoad, type Slot, type Waiter } from './endpoint-load.js';
import { FairLine } from './fair-line.js';
import type { ProcessSlots } from './process-slots.js';

/** Limits of waiting in memory. */
export interface WaitingLimits {
  /** Attempts that the process makes at the same time. */
  readonly inFlight: number;
  readonly waitMs: number;
}

/** Up to this expected wait those who wait are moved along so quickly that they hold up nobody. */
const shortWaitMs = 500;

/**
 * Deliveries that wait in memory. Each of them holds a message that is not acknowledged, of which the server gives out
 * a limited number; so only those wait that will soon have their turn, and where that is not known for sure only a
 * limited number of an endpoint, of a project, and in all. However much one project sends, some of any other's may wait.
 */
export class Waiting {
  private readonly newLine = new FairLine();
  private readonly fastLine = new FairLine();
  private readonly slowLine = new FairLine();
  private count = 0;
  private isClosed = false;

  constructor(
    private readonly limits: WaitingLimits,
    private readonly process: ProcessSlots,
  ) {}

  /** How many wait. */
  get size(): number {
    return this.count;
  }

  /** Whether one more may wait at an endpoint. */
  takes(load: EndpointLoad): boolean {
    if (this.isClosed) return false;
    const { waitMs, inFlight } = this.limits;
    const atEndpoint = waitingAt(load);
    const expectedMs = ((atEndpoint + 1) * load.usualMs) / Math.max(1, Math.min(load.limit, Math.floor(load.width)));
    if (waitMs === 0 || expectedMs > waitMs) return false;
    if (load.standing === 'fast' && expectedMs <= shortWaitMs) {
      return this.count < 4 * inFlight || load.project.waiting < inFlight / 4;
    }
    return atEndpoint < half(inFlight) && load.project.waiting < half(inFlight) && this.count < inFlight;
  }

  /** Waits for a slot; resolves to undefined when there was none in time. */
  wait(load: EndpointLoad, isRetry: boolean, isReady: boolean): Promise<Slot | undefined> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.leave(load, waiter), this.limits.waitMs);
      const waiter: Waiter = { isRetry, start: resolve, timer };
      (isRetry ? load.others : load.firsts).push(waiter);
      load.project.waiting += 1;
      this.count += 1;
      if (isReady) this.ready(load);
    });
  }

  /** Notes that an endpoint has room of its own: only the process's limit may hold up those who wait there. */
  ready(load: EndpointLoad): void {
    this.lineOf(load).add(load);
  }

  /** Takes out the endpoint that is to have the next free slot. New ones first: their share is small. */
  next(): EndpointLoad | undefined {
    if (!this.newLine.isEmpty && this.process.hasRoom('new', false)) return this.newLine.next();
    if (!this.fastLine.isEmpty && this.process.hasRoom('fast', false)) return this.fastLine.next();
    return !this.slowLine.isEmpty && this.process.hasRoom('slow', false) ? this.slowLine.next() : undefined;
  }

  /** Takes out who comes first at an endpoint: a first attempt, unless no retry is under way. */
  take(load: EndpointLoad, hasRoom: (isRetry: boolean) => boolean): Waiter | undefined {
    const mayRetry = load.others.length > 0 && hasRoom(true) && this.process.hasRoom(load.standing, true);
    const mayFirst = load.firsts.length > 0 && hasRoom(false);
    const from = mayRetry && (load.retries === 0 || !mayFirst) ? load.others : mayFirst ? load.firsts : undefined;
    const waiter = from?.shift();
    if (waiter) this.left(load, waiter);
    return waiter;
  }

  /** Sends everyone away who waits at an endpoint. */
  sendAway(load: EndpointLoad): void {
    this.leaveLine(load);
    for (const waiter of [...load.firsts.splice(0), ...load.others.splice(0)]) {
      this.left(load, waiter);
      waiter.start(undefined);
    }
  }

  /** From now on nobody may wait. */
  close(): void {
    this.isClosed = true;
  }

  /** Takes an endpoint out of the line that its standing put it into. */
  leaveLine(load: EndpointLoad): void {
    this.lineOf(load).delete(load);
  }

  private leave(load: EndpointLoad, waiter: Waiter): void {
    const from = waiter.isRetry ? load.others : load.firsts;
    from.splice(from.indexOf(waiter), 1);
    this.left(load, waiter);
    if (waitingAt(load) === 0) this.leaveLine(load);
    waiter.start(undefined);
  }

  private left(load: EndpointLoad, { timer }: Waiter): void {
    clearTimeout(timer);
    load.project.waiting -= 1;
    this.count -= 1;
  }

  private lineOf({ standing }: EndpointLoad): FairLine {
    if (standing === 'new') return this.newLine;
    return standing === 'fast' ? this.fastLine : this.slowLine;
  }
}

const half = (count: number): number => Math.max(1, Math.floor(count / 2));

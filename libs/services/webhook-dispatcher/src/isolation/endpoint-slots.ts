import {
  adaptWidth,
  anEndpointAtRest,
  retryShare,
  standingAfter,
  waitingAt,
  type EndpointLoad,
  type ProjectLoad,
  type Slot,
  type Strain,
} from './endpoint-load.js';
import { ProcessSlots } from './process-slots.js';
import { RecentNames } from './recent-names.js';
import { timeInLine } from './return-line.js';
import { Waiting } from './waiting.js';

/** Limits of the attempts that one process makes. */
export interface SlotLimits {
  readonly inFlightPerEndpoint: number;
  readonly inFlight: number;
  /** How long an attempt may have to wait in memory for a slot; 0: it never waits. */
  readonly waitMs: number;
  /** From which usual duration on an endpoint is slow. */
  readonly slowMs: number;
}

const lookEveryMs = 250;
const restMs = 5_000;
/** How long a slow endpoint is remembered that nothing is sent to. */
const slowRestMs = 600_000;
const shortestDeferralMs = 1_000;
const longestDeferralMs = 300_000;

/**
 * Bounds the attempts in flight, per endpoint and for the whole process, so that an endpoint that hangs keeps its
 * own slots busy and nobody else's. What finds no slot waits if there will be one soon, which is cheaper than a timer;
 * otherwise it is told to come back later, by a timer that costs no memory here.
 *
 * There may be any number of endpoints: one at rest takes no memory for longer than some seconds, but for its name
 * if it is one of those that answered well lately, and for some minutes if it was slow.
 */
export class EndpointSlots {
  private readonly loads = new Map<string, EndpointLoad>();
  private readonly projects = new Map<string, ProjectLoad>();
  private readonly answeredWell = new RecentNames(10_000);
  private readonly process: ProcessSlots;
  private readonly waiting: Waiting;
  private looking: NodeJS.Timeout | undefined;
  private lookedAt = 0;

  constructor(
    private readonly limits: SlotLimits,
    private readonly now: () => number = Date.now,
    private readonly random: () => number = Math.random,
  ) {
    this.process = new ProcessSlots(limits.inFlight);
    this.waiting = new Waiting(limits, this.process);
  }

  /**
   * A slot, at once or within the wait; undefined when there is none to be had soon. `limit`: how many attempts the
   * endpoint takes at the same time, where its owner says so.
   */
  acquire(
    project: string,
    endpoint: string,
    isRetry = false,
    limit: number | null = null,
  ): Slot | Promise<Slot | undefined> | undefined {
    const load = this.loadOf(project, endpoint);
    load.limit = limit ?? this.limits.inFlightPerEndpoint;
    if (load.hangs) return undefined;
    if (this.hasRoom(load, isRetry) && waitingAt(load) === 0 && this.process.hasRoom(load.standing, isRetry)) {
      return this.start(load, isRetry);
    }
    if (!this.waiting.takes(load)) return undefined;
    return this.waiting.wait(load, isRetry, this.hasRoom(load, isRetry));
  }

  /** Gives a slot back, with what the attempt says about how many the endpoint can take. */
  release({ load, isRetry, startedAt }: Slot, strain: Strain): void {
    this.process.giveBack(load, isRetry);
    if (strain !== undefined) this.learn(load, startedAt, strain);
    if (waitingAt(load) > 0) this.waiting.ready(load);
    this.startReady();
  }

  /**
   * When a delivery that got no slot should come back. Deferred deliveries of one endpoint are lined up at the pace
   * at which it takes them.
   */
  deferUntil(project: string, endpoint: string): Date {
    const load = this.loadOf(project, endpoint);
    const now = this.now();
    // While an endpoint hangs, nothing ends that could be measured: the silence itself is the measure.
    const paceMs = Math.max(load.usualMs, load.hangs ? now - load.silentSince : 0) / this.widthOf(load);
    const terms = { now, earliest: now + shortestDeferralMs, paceMs, longestMs: longestDeferralMs };
    return new Date(timeInLine(load, terms, this.random));
  }

  /** Begins narrow again at an endpoint that was sent nothing for a while because it failed. */
  startOver(endpoint: string): void {
    const load = this.loads.get(endpoint);
    if (load) Object.assign(load, { width: 1, threshold: Infinity, hangs: false });
  }

  /**
   * Looks for endpoints that began to hang: those who wait there are sent away, since they hold up the messages of
   * others, and its slots become those of a slow endpoint. Forgets those at rest. Called by itself several times a
   * second while there is anything to look at.
   */
  look(): void {
    const now = this.now();
    for (const load of this.loads.values()) {
      const silentMs = now - load.silentSince;
      if (load.inFlight > 0) {
        if (!load.hangs && silentMs > Math.max(this.limits.slowMs, 2 * load.usualMs)) this.takeToHang(load);
      } else if (waitingAt(load) === 0 && load.until <= now && silentMs > restOf(load)) {
        this.forget(load);
      }
    }
    this.startReady();
    if (this.loads.size > 0) return;
    clearInterval(this.looking);
    this.looking = undefined;
  }

  /** How many attempts are in flight. */
  get inFlight(): number {
    return this.process.inFlight;
  }

  /** How many attempts wait for a slot. */
  get waitingInAll(): number {
    return this.waiting.size;
  }

  /** Endpoints that something is remembered of, beside their names. */
  get known(): number {
    return this.loads.size;
  }

  /** Sends everyone away who waits in memory, and who would from now on: the process ends. */
  stop(): void {
    this.waiting.close();
    for (const load of this.loads.values()) this.waiting.sendAway(load);
  }

  private widthOf({ limit, width, standing }: EndpointLoad): number {
    const own = Math.min(limit, Math.floor(width));
    return standing === 'slow' ? Math.min(own, this.process.eachSlow) : own;
  }

  private hasRoom(load: EndpointLoad, isRetry: boolean): boolean {
    const width = this.widthOf(load);
    return load.inFlight < width && (!isRetry || load.retries < retryShare(width));
  }

  private start(load: EndpointLoad, isRetry: boolean): Slot {
    const now = this.now();
    if (load.inFlight === 0) load.silentSince = now;
    this.process.take(load, isRetry);
    return { load, isRetry, startedAt: now };
  }

  private learn(load: EndpointLoad, startedAt: number, strain: Strain): void {
    const now = this.now();
    const tookMs = now - startedAt;
    load.hangs = false;
    load.silentSince = now;
    // One very long attempt among short ones is not to be remembered for ever.
    load.usualMs += (Math.min(tookMs, 8 * this.limits.slowMs) - load.usualMs) / 8;
    adaptWidth(load, strain, startedAt, now);
    this.moveTo(load, standingAfter(load, tookMs, this.limits.slowMs));
  }

  private moveTo(load: EndpointLoad, standing: EndpointLoad['standing']): void {
    if (load.standing === standing) return;
    this.waiting.leaveLine(load);
    this.process.move(load, standing);
    if (waitingAt(load) > 0) this.waiting.ready(load);
  }

  private takeToHang(load: EndpointLoad): void {
    load.hangs = true;
    this.waiting.sendAway(load);
    this.moveTo(load, 'slow');
  }

  /** Gives free slots to those who wait, in turn. */
  private startReady(): void {
    for (let load = this.waiting.next(); load; load = this.waiting.next()) {
      const waiter = this.waiting.take(load, (isRetry) => this.hasRoom(load, isRetry));
      if (!waiter) continue;
      waiter.start(this.start(load, waiter.isRetry));
      // Back to the end of the line: the loop comes to it again after the others.
      if (waitingAt(load) > 0) this.waiting.ready(load);
    }
  }

  private loadOf(project: string, endpoint: string): EndpointLoad {
    const existing = this.loads.get(endpoint);
    if (existing) return existing;
    let of = this.projects.get(project);
    if (!of) {
      of = { project, inFlight: 0, waiting: 0, endpoints: 0 };
      this.projects.set(project, of);
    }
    of.endpoints += 1;
    const standing = this.answeredWell.has(endpoint) ? 'fast' : 'new';
    const load = anEndpointAtRest(endpoint, of, standing, this.now());
    this.loads.set(endpoint, load);
    this.lookRegularly();
    return load;
  }

  private forget(load: EndpointLoad): void {
    if (load.standing === 'fast') this.answeredWell.add(load.endpoint);
    else this.answeredWell.delete(load.endpoint);
    this.process.forget(load);
    this.loads.delete(load.endpoint);
    load.project.endpoints -= 1;
    if (load.project.endpoints === 0) this.projects.delete(load.project.project);
  }

  private lookRegularly(): void {
    if (this.looking) return;
    this.lookedAt = performance.now();
    this.looking = setInterval(() => {
      const sinceMs = performance.now() - this.lookedAt;
      this.lookedAt = performance.now();
      // A busy moment of this very process, in which it sees no answers, is not taken for one of the endpoints'.
      if (sinceMs < 2 * lookEveryMs) this.look();
    }, lookEveryMs);
    this.looking.unref();
  }
}

const restOf = ({ standing, threshold }: EndpointLoad): number =>
  standing === 'slow' || threshold !== Infinity ? slowRestMs : restMs;

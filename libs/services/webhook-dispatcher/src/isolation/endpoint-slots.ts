/** Limits of the attempts that one process makes. */
export interface SlotLimits {
  readonly inFlightPerEndpoint: number;
  readonly inFlight: number;
  /** How long an attempt may have to wait in memory for a slot; 0: it never waits. */
  readonly waitMs: number;
}

/** Permission to make one attempt; give it back exactly once. */
export interface Slot {
  release(): void;
}

interface Lane {
  readonly endpoint: string;
  inFlight: number;
  readonly waiting: Waiter[];
  /** When an attempt at the endpoint last ended; tells a busy endpoint from one that hangs. */
  lastEndAt: number;
  /** How long its attempts took lately, in milliseconds. */
  usualMs: number;
  /** The time given to the delivery deferred last. */
  deferredUntil: number;
}

interface Waiter {
  readonly start: (slot: Slot | undefined) => void;
  readonly timer: NodeJS.Timeout;
}

/**
 * A full endpoint at which nothing has ended for so long (or for twice as long as usual) is taken to hang. Long enough
 * that a busy moment of this very process, in which it sees no answers, is not taken for one of the endpoint.
 */
const hangsAfterMs = 1_000;
const shortestDeferralMs = 1_000;
const longestDeferralMs = 300_000;

/**
 * Bounds the attempts in flight, per endpoint and for the whole process, so that an endpoint that hangs keeps its
 * own slots busy and nobody else's. What finds no slot waits if the endpoint is merely busy and will be free soon,
 * which is cheaper than a timer; otherwise it is told to come back later, by a timer that costs no memory here.
 */
export class EndpointSlots {
  private readonly lanes = new Map<string, Lane>();
  /** Lanes with waiters and room of their own, in turn: only the process's limit holds them. */
  private readonly ready = new Set<Lane>();
  private inFlight = 0;

  constructor(
    private readonly limits: SlotLimits,
    private readonly now: () => number = Date.now,
  ) {}

  /** A slot, at once or within the wait; undefined when there is none to be had soon. */
  acquire(endpoint: string): Slot | Promise<Slot | undefined> | undefined {
    const lane = this.laneOf(endpoint);
    const { inFlightPerEndpoint, inFlight, waitMs } = this.limits;
    const isEndpointFull = lane.inFlight >= inFlightPerEndpoint;
    if (!isEndpointFull && this.inFlight < inFlight && lane.waiting.length === 0) return this.start(lane);
    if (isEndpointFull && this.hangs(lane)) return this.sendAway(lane);
    const expectedMs = ((lane.waiting.length + 1) * lane.usualMs) / inFlightPerEndpoint;
    if (waitMs === 0 || (isEndpointFull && expectedMs > waitMs)) return undefined;
    return new Promise((resolve) => {
      const waiter: Waiter = { start: resolve, timer: setTimeout(() => this.leave(lane, waiter), waitMs) };
      lane.waiting.push(waiter);
      if (!isEndpointFull) this.ready.add(lane);
    });
  }

  /**
   * When a delivery that got no slot should come back. Deferred deliveries of one endpoint are lined up at the pace
   * at which it takes them, so that a long line does not come back all at once, again and again.
   */
  deferUntil(endpoint: string): Date {
    const lane = this.laneOf(endpoint);
    const now = this.now();
    // While an endpoint hangs, nothing ends that could be measured: the silence itself is the measure.
    const pace = Math.max(lane.usualMs, now - lane.lastEndAt) / this.limits.inFlightPerEndpoint;
    const inTurn = Math.max(now + shortestDeferralMs, lane.deferredUntil + pace);
    lane.deferredUntil = Math.min(inTurn, now + longestDeferralMs);
    return new Date(lane.deferredUntil);
  }

  private hangs(lane: Lane): boolean {
    return this.now() - lane.lastEndAt > Math.max(hangsAfterMs, 2 * lane.usualMs);
  }

  /** Those who wait at an endpoint that turned out to hang hold up the messages of others. */
  private sendAway(lane: Lane): undefined {
    for (const waiter of lane.waiting.splice(0)) {
      clearTimeout(waiter.timer);
      waiter.start(undefined);
    }
  }

  private laneOf(endpoint: string): Lane {
    const existing = this.lanes.get(endpoint);
    if (existing) return existing;
    const lane: Lane = { endpoint, inFlight: 0, waiting: [], lastEndAt: this.now(), usualMs: 0, deferredUntil: 0 };
    this.lanes.set(endpoint, lane);
    return lane;
  }

  private start(lane: Lane): Slot {
    lane.inFlight += 1;
    this.inFlight += 1;
    const startedAt = this.now();
    return { release: () => this.end(lane, startedAt) };
  }

  private end(lane: Lane, startedAt: number): void {
    lane.inFlight -= 1;
    this.inFlight -= 1;
    lane.lastEndAt = this.now();
    lane.usualMs += (lane.lastEndAt - startedAt - lane.usualMs) / 8;
    if (lane.waiting.length > 0) this.ready.add(lane);
    this.startReady();
    this.forgetAtRest(lane);
  }

  /** There may be any number of endpoints: those with nothing going on take no memory. */
  private forgetAtRest(lane: Lane): void {
    const isAtRest = lane.inFlight === 0 && lane.waiting.length === 0 && lane.deferredUntil <= this.now();
    if (!isAtRest) return;
    this.ready.delete(lane);
    this.lanes.delete(lane.endpoint);
  }

  private startReady(): void {
    for (const lane of this.ready) {
      if (this.inFlight >= this.limits.inFlight) return;
      this.ready.delete(lane);
      const waiter = lane.inFlight < this.limits.inFlightPerEndpoint ? lane.waiting.shift() : undefined;
      if (!waiter) continue;
      clearTimeout(waiter.timer);
      waiter.start(this.start(lane));
      // Back to the end of the line: the loop comes to it again after the others.
      if (lane.waiting.length > 0) this.ready.add(lane);
    }
  }

  private leave(lane: Lane, waiter: Waiter): void {
    lane.waiting.splice(lane.waiting.indexOf(waiter), 1);
    this.forgetAtRest(lane);
    waiter.start(undefined);
  }
}

import type { AttemptReport } from './attempt-report.js';
import type { Block, EndpointCircuits } from './endpoint-circuits.js';
import type { Slot } from './endpoint-load.js';
import type { EndpointSlots } from './endpoint-slots.js';
import type { RateLimits } from './rate-limits.js';

/** An attempt that wants to begin. */
export interface Entry {
  readonly project: string;
  readonly endpoint: string;
  /** Not the delivery's first attempt. */
  readonly isRetry: boolean;
  /** It comes from a timer, perhaps because it was refused before. */
  readonly isReturning: boolean;
  /** What the endpoint takes at the same time; null: the operator's limit. */
  readonly maxInFlight: number | null;
  /** What it takes within a second, from this process; null: no limit. */
  readonly ratePerSecond: number | null;
}

/** An attempt that may begin. */
export interface Admission {
  readonly slot: Slot;
  /** It is the one by which an open circuit finds out whether the endpoint is back. */
  readonly isProbe: boolean;
}

/** An attempt that may not begin now. */
export interface Refusal {
  readonly reason: Block | 'rate' | 'busy' | 'paused';
}

/** Told when an endpoint may be sent to again for which deliveries were put off. */
export type GateListener = (project: string, endpoint: string) => void;

export const isRefusal = (answer: Admission | Refusal): answer is Refusal => 'reason' in answer;

/**
 * Says whether an attempt may begin, by the endpoint's circuit, rate limit and slots, in this order; the first two
 * cost nothing at an endpoint that has neither trouble nor a limit. An endpoint's own share of the work ends here: what
 * is refused costs no slot, no memory and no attempt.
 */
export class EndpointGate {
  /** Endpoints, with their projects, whose deliveries were put off here because they are paused. */
  private readonly paused = new Map<string, string>();
  private whenOpen: GateListener = () => undefined;

  constructor(
    private readonly slots: EndpointSlots,
    private readonly circuits: EndpointCircuits,
    private readonly rates: RateLimits,
    /** The clock that all of them go by, in milliseconds. */
    readonly now: () => number = Date.now,
  ) {}

  /** Endpoints to which only probes go. */
  get openCircuits(): number {
    return this.circuits.openCircuits;
  }

  /** Attempts under way. */
  get inFlight(): number {
    return this.slots.inFlight;
  }

  /** Attempts that wait in memory for a slot. */
  get waiting(): number {
    return this.slots.waitingInAll;
  }

  /** Sends everyone away who waits in memory, and who would from now on: the process ends. */
  stop(): void {
    this.slots.stop();
  }

  /** Who is told when deliveries need not wait any longer. */
  listen(listener: GateListener): void {
    this.whenOpen = listener;
  }

  /** An endpoint may be sent to again. */
  opened(project: string, endpoint: string): void {
    this.paused.delete(endpoint);
    this.whenOpen(project, endpoint);
  }

  /** The endpoints of a project whose deliveries were put off because they were paused. */
  pausedOf(project: string): string[] {
    return [...this.paused].filter(([, owner]) => owner === project).map(([endpoint]) => endpoint);
  }

  /** No promise where none is needed. */
  enter(entry: Entry): Admission | Refusal | Promise<Admission | Refusal> {
    const { project, endpoint, isRetry, maxInFlight, ratePerSecond } = entry;
    if (this.paused.size > 0 && this.paused.has(endpoint)) this.opened(project, endpoint);
    const block = this.circuits.block(endpoint);
    if (block) return { reason: block };
    if (ratePerSecond !== null && !this.rates.take(endpoint, ratePerSecond, entry.isReturning)) {
      return { reason: 'rate' };
    }
    const isProbe = this.circuits.probe(endpoint);
    if (isProbe) this.slots.startOver(endpoint);
    const slot = this.slots.acquire(project, endpoint, isRetry, maxInFlight);
    if (!(slot instanceof Promise)) return slot ? { slot, isProbe } : this.busy(entry, isProbe);
    return slot.then((later) => (later ? this.afterWait(later, isProbe) : this.busy(entry, isProbe)));
  }

  /** Ends an attempt that was let in; without a report it was cut short, and nothing is learnt from it. */
  leave({ slot, isProbe }: Admission, report: AttemptReport | undefined): void {
    const { endpoint, project } = slot.load;
    this.circuits.note(project.project, endpoint, report, isProbe);
    this.slots.release(slot, report?.strain);
  }

  /** When an attempt that was refused should come back. `earliest`: not before, if it was blocked or paused. */
  comeBackAt({ project, endpoint, ratePerSecond }: Entry, { reason }: Refusal, earliest: number): Date {
    if (reason === 'paused') {
      this.paused.set(endpoint, project);
      return new Date(earliest);
    }
    if (reason === 'busy') return this.slots.deferUntil(project, endpoint);
    if (reason === 'rate') return new Date(this.rates.comeBackAt(endpoint, ratePerSecond ?? 1));
    return new Date(this.circuits.comeBackAt(endpoint, earliest));
  }

  /** While it waited, the attempts before it may have failed. */
  private afterWait(slot: Slot, isProbe: boolean): Admission | Refusal {
    const block = isProbe ? undefined : this.circuits.block(slot.load.endpoint);
    if (!block) return { slot, isProbe };
    this.slots.release(slot, undefined);
    return { reason: block };
  }

  private busy({ endpoint, ratePerSecond }: Entry, isProbe: boolean): Refusal {
    if (isProbe) this.circuits.giveUpProbe(endpoint);
    if (ratePerSecond !== null) this.rates.giveBack(endpoint, ratePerSecond);
    return { reason: 'busy' };
  }
}

import type { AttemptReport } from './attempt-report.js';
import { timeInLine, type ReturnLine } from './return-line.js';

/** How circuits behave. */
export interface CircuitSettings {
  /** Consecutive failures that open an endpoint's circuit; 0: it never opens. */
  readonly circuitFailures: number;
}

/** What is remembered of an endpoint that failed. Times in milliseconds since 1970. */
interface Trouble extends ReturnLine {
  readonly project: string;
  /** Attempts that failed one after the other. */
  failures: number;
  /** How often its circuit was opened in a row; 0: it is closed. */
  openings: number;
  /** From then on one attempt may probe. */
  openUntil: number;
  probing: boolean;
  /** The endpoint asked for nothing before this time. */
  holdUntil: number;
  parked: number;
}

/** Told when an endpoint's circuit opens or closes; `parked`: deliveries that were put off meanwhile. */
export interface CircuitListener {
  onOpen(project: string, endpoint: string, failures: number, until: Date): void;
  onClose(project: string, endpoint: string, parked: number): void;
}

/** Why nothing is sent to an endpoint right now. */
export type Block = 'circuit' | 'hold';

const firstOpenMs = 5_000;
const longestOpenMs = 300_000;
const longestHoldMs = 3_600_000;
/** Deliveries that come back to an endpoint which did not answer, one after the other. */
const returnPaceMs = 50;
const longestLineMs = 900_000;
/** Endpoints that fail and are remembered at the same time; beyond that the oldest is forgotten. */
const capacity = 20_000;

/**
 * A circuit breaker for each endpoint: closed → open, for 5 s at first and up to 5 minutes → half-open, with one probe
 * → closed, or open again. Kept in the memory of one process: after a restart every circuit is closed, which costs an
 * endpoint that is still down a few attempts. Endpoints that do not fail take no memory.
 */
export class EndpointCircuits {
  private readonly troubles = new Map<string, Trouble>();
  private open = 0;

  constructor(
    private readonly settings: CircuitSettings,
    private readonly timeScale: number,
    private readonly listener: CircuitListener,
    private readonly now: () => number = Date.now,
    private readonly random: () => number = Math.random,
  ) {}

  /** Endpoints whose circuit is not closed. */
  get openCircuits(): number {
    return this.open;
  }

  /**
   * Why an endpoint may be sent nothing right now; undefined when it may. The one attempt that a circuit lets through
   * for a probe must be claimed with `probe` when it begins.
   */
  block(endpoint: string): Block | undefined {
    const trouble = this.troubles.get(endpoint);
    if (!trouble) return undefined;
    const now = this.now();
    if (trouble.openings > 0 && (trouble.probing || now < trouble.openUntil)) return 'circuit';
    return now < trouble.holdUntil ? 'hold' : undefined;
  }

  /** Claims the probe of a circuit that is half open; false when there is none to claim. */
  probe(endpoint: string): boolean {
    const trouble = this.troubles.get(endpoint);
    if (!trouble || trouble.openings === 0 || trouble.probing) return false;
    trouble.probing = true;
    return true;
  }

  /** Gives a claimed probe back: no attempt came of it. */
  giveUpProbe(endpoint: string): void {
    const trouble = this.troubles.get(endpoint);
    if (trouble) trouble.probing = false;
  }

  /** When a delivery that was blocked should come back, in its turn and not before `earliest`. */
  comeBackAt(endpoint: string, earliest: number): number {
    const now = this.now();
    const trouble = this.troubles.get(endpoint);
    if (!trouble) return Math.max(now, earliest);
    trouble.parked += 1;
    const open = trouble.openings > 0 ? Math.max(trouble.openUntil, now + this.scaled(firstOpenMs) / 2) : 0;
    const terms = {
      now,
      earliest: Math.max(open, trouble.holdUntil),
      paceMs: returnPaceMs,
      longestMs: this.scaled(longestLineMs),
    };
    // Whoever is to wait for longer does not hold up the line.
    return Math.max(timeInLine(trouble, terms, this.random), earliest);
  }

  /** Learns from an attempt. `isProbe`: it was the one that an open circuit let through. */
  note(project: string, endpoint: string, report: AttemptReport | undefined, isProbe: boolean): void {
    const trouble = this.troubles.get(endpoint);
    if (report === undefined || report.health === 'unknown') {
      if (isProbe) this.giveUpProbe(endpoint);
    } else if (report.health === 'alive') {
      if (trouble) this.close(trouble, endpoint);
    } else {
      this.noteFailure(trouble ?? this.remember(project, endpoint), endpoint, report, isProbe);
    }
  }

  private noteFailure(trouble: Trouble, endpoint: string, report: AttemptReport, isProbe: boolean): void {
    const now = this.now();
    trouble.failures += 1;
    if (report.retryAfterMs !== null) {
      const hold = now + this.scaled(Math.min(report.retryAfterMs, longestHoldMs));
      trouble.holdUntil = Math.max(trouble.holdUntil, hold);
    }
    const { circuitFailures } = this.settings;
    const isTime = trouble.openings === 0 ? circuitFailures > 0 && trouble.failures >= circuitFailures : isProbe;
    // What was in flight when the circuit opened says nothing new.
    if (!isTime) return;
    const openMs = Math.min(firstOpenMs * 2 ** trouble.openings, longestOpenMs) * (1 + this.random() / 5);
    trouble.openings += 1;
    trouble.openUntil = now + this.scaled(openMs);
    trouble.probing = false;
    if (trouble.openings > 1) return;
    this.open += 1;
    this.listener.onOpen(trouble.project, endpoint, trouble.failures, new Date(trouble.openUntil));
  }

  private close(trouble: Trouble, endpoint: string): void {
    const { project, openings, parked } = trouble;
    // An answer to one attempt does not take back what the endpoint asked for in another.
    if (trouble.holdUntil > this.now()) Object.assign(trouble, { failures: 0, openings: 0, probing: false });
    else this.troubles.delete(endpoint);
    if (openings === 0) return;
    this.open -= 1;
    this.listener.onClose(project, endpoint, parked);
  }

  private remember(project: string, endpoint: string): Trouble {
    for (const [oldest, { openings }] of this.troubles) {
      if (this.troubles.size < capacity) break;
      this.troubles.delete(oldest);
      if (openings > 0) this.open -= 1;
    }
    const trouble: Trouble = {
      project,
      failures: 0,
      openings: 0,
      openUntil: 0,
      probing: false,
      holdUntil: 0,
      parked: 0,
      until: 0,
    };
    this.troubles.set(endpoint, trouble);
    return trouble;
  }

  private scaled(durationMs: number): number {
    return durationMs / this.timeScale;
  }
}

import { timeInLine, type ReturnLine } from './return-line.js';

interface Rate extends ReturnLine {
  /** When the next attempt would be due if all came evenly; ahead of the clock by what was taken early. */
  next: number;
}

/** How much of a second's allowance may be used at once. */
const burstMs = 1_000;
const longestLineMs = 86_400_000;

/**
 * Limits how many attempts at an endpoint begin within a second (generic cell rate algorithm). What is beyond the
 * limit gets a time of its own in a line that moves at the limit's pace; a newcomer may not pass that line, while
 * whoever returns at the time it was given finds its place free. Per process: each takes its part of the limit.
 */
export class RateLimits {
  private readonly rates = new Map<string, Rate>();

  constructor(
    private readonly now: () => number = Date.now,
    private readonly random: () => number = Math.random,
  ) {}

  /** Takes the right to begin one attempt; false when it has to come back later. */
  take(endpoint: string, perSecond: number, isReturning: boolean): boolean {
    const now = this.now();
    const rate = this.rateOf(endpoint, now);
    const stepMs = 1_000 / perSecond;
    // At least one attempt at once, however small the limit.
    const isEarly = rate.next - now > Math.max(0, burstMs - stepMs);
    if (isEarly || (!isReturning && rate.until > now)) return false;
    rate.next = Math.max(rate.next, now) + stepMs;
    return true;
  }

  /** Gives a right back that came to nothing. */
  giveBack(endpoint: string, perSecond: number): void {
    const rate = this.rates.get(endpoint);
    if (rate) rate.next -= 1_000 / perSecond;
  }

  /** The place of a delivery that was refused, in the line. */
  comeBackAt(endpoint: string, perSecond: number): number {
    const now = this.now();
    const rate = this.rateOf(endpoint, now);
    const terms = { now, earliest: Math.max(now, rate.next), paceMs: 1_000 / perSecond, longestMs: longestLineMs };
    return timeInLine(rate, terms, this.random);
  }

  private rateOf(endpoint: string, now: number): Rate {
    const existing = this.rates.get(endpoint);
    if (existing) return existing;
    if (this.rates.size >= 1_000) this.forgetAtRest(now);
    const rate: Rate = { next: now, until: 0 };
    this.rates.set(endpoint, rate);
    return rate;
  }

  private forgetAtRest(now: number): void {
    for (const [endpoint, { next, until }] of this.rates) {
      if (next <= now && until <= now) this.rates.delete(endpoint);
    }
  }
}

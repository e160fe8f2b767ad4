/** Percentiles of a set of times, in milliseconds. */
export interface Percentiles {
  readonly count: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly max: number;
}

/** Times that were measured, in milliseconds. All of them are kept: a bench is short and percentiles are exact. */
export class Samples {
  readonly #values: number[] = [];

  add(milliseconds: number): void {
    this.#values.push(milliseconds);
  }

  percentiles(): Percentiles {
    const sorted = Float64Array.from(this.#values).sort();
    const at = (share: number) => rounded(sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0);
    return { count: sorted.length, p50: at(0.5), p90: at(0.9), p99: at(0.99), max: at(1) };
  }
}

const rounded = (value: number): number => Math.round(value * 100) / 100;

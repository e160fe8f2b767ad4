import type { Percentiles } from './samples.ts';

/** What the load generator is to do. */
export interface LoadPlan {
  readonly url: string;
  readonly apiKey: string;
  readonly workflow: string;
  /** Requests a second. */
  readonly rate: number;
  readonly seconds: number;
}

/** What came of it. */
export interface LoadReport {
  /** From the moment a request was due, so that a stall counts for every request that it held up. */
  readonly accept: Percentiles;
  /** From the moment it was really sent: what the server alone took. */
  readonly acceptFromSend: Percentiles;
  /** From due to the final frame. */
  readonly endToEnd: Percentiles;
  readonly sent: number;
  readonly ended: number;
  /** By what the final frame said. */
  readonly ends: Record<string, number>;
  readonly failures: Record<string, number>;
  /** Requests that were under way at the end of each second. */
  readonly inFlight: readonly number[];
  /** From the first request to the last final frame. */
  readonly tookSeconds: number;
}

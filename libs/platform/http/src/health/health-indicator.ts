/** One part that must work for requests to be served. */
export interface HealthIndicator {
  /** Name in the answer of /health/ready. */
  readonly name: string;
  /** What is wrong, in a sentence without secrets; undefined when all is well. Throwing counts as wrong. */
  check(): Promise<string | undefined>;
}

/** Injection token of the process's `readonly HealthIndicator[]`. */
export const HEALTH_INDICATORS = Symbol('HealthIndicators');

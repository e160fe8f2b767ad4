import type { DataSource } from 'typeorm';
import { percentileMs } from './duration-buckets.js';
import type { LastFailure } from './endpoint-facts.js';

/** How webhooks to an endpoint fare. */
export interface EndpointStats {
  /** `success` and `error` ended in the window; `pending` are open now, whenever they were planned. */
  readonly deliveries: { readonly success: number; readonly error: number; readonly pending: number };
  readonly attempts: { readonly success: number; readonly failed: number };
  /** Of attempts; null without any. */
  readonly durationMs: {
    readonly p50: number | null;
    readonly p95: number | null;
    readonly p99: number | null;
    readonly max: number | null;
  };
  /** Attempts by HTTP status or error code, most first. */
  readonly byStatus: ReadonlyMap<string, number>;
  readonly lastSuccessAt: Date | null;
  readonly lastFailure: LastFailure | null;
}

interface SlotSum {
  readonly kind: 'attempt' | 'delivery';
  readonly outcome: string;
  readonly bucket: number;
  readonly count: string;
  readonly max_ms: number;
}

interface Summary {
  readonly pending: string;
  readonly last_success_at: Date | null;
  readonly last_failure: LastFailure | null;
}

const sumSlots = `
  SELECT kind, outcome, bucket, sum(count) AS count, max(max_ms) AS max_ms FROM endpoint_slots
  WHERE project_id = $1 AND endpoint_id = $2 AND slot >= $3 GROUP BY kind, outcome, bucket`;

// A rebuilt read model may know ends of deliveries whose beginning the log no longer has.
const findSummary = `
  SELECT GREATEST(planned - ended, 0) AS pending, last_success_at, last_failure FROM endpoint_summaries
  WHERE project_id = $1 AND endpoint_id = $2`;

/** Reads what happened at an endpoint from the start of a slot until now. */
export async function readEndpointStats(
  dataSource: DataSource,
  project: string,
  endpointId: string,
  from: Date,
): Promise<EndpointStats> {
  const [sums, [summary]] = await Promise.all([
    dataSource.query<SlotSum[]>(sumSlots, [project, endpointId, from]),
    dataSource.query<Summary[]>(findSummary, [project, endpointId]),
  ]);
  const attemptStats = attemptStatsOf(sums.filter(({ kind }) => kind === 'attempt'));
  const givenUp = sums.find(({ kind }) => kind === 'delivery');
  return {
    deliveries: {
      // A delivery ends well with its one successful attempt.
      success: attemptStats.attempts.success,
      error: Number(givenUp?.count ?? 0),
      pending: Number(summary?.pending ?? 0),
    },
    ...attemptStats,
    lastSuccessAt: summary?.last_success_at ?? null,
    lastFailure: summary?.last_failure ?? null,
  };
}

function attemptStatsOf(sums: readonly SlotSum[]): Pick<EndpointStats, 'attempts' | 'durationMs' | 'byStatus'> {
  const byStatus = new Map<string, number>();
  const counts = new Map<number, number>();
  const add = <Key>(to: Map<Key, number>, key: Key, count: number) => to.set(key, (to.get(key) ?? 0) + count);
  const attempts = { success: 0, failed: 0 };
  let maxMs = 0;
  for (const { outcome, bucket, count, max_ms } of sums) {
    add(byStatus, outcome, Number(count));
    add(counts, bucket, Number(count));
    attempts[isSuccess(outcome) ? 'success' : 'failed'] += Number(count);
    maxMs = Math.max(maxMs, max_ms);
  }
  const percentile = (share: number) => percentileMs({ counts, maxMs }, share);
  return {
    attempts,
    durationMs: {
      p50: percentile(0.5),
      p95: percentile(0.95),
      p99: percentile(0.99),
      max: sums.length > 0 ? maxMs : null,
    },
    byStatus: new Map([...byStatus].sort(([, one], [, other]) => other - one)),
  };
}

/** A 2xx whose body failed is counted under its error, not its status. */
const isSuccess = (outcome: string): boolean => /^2\d\d$/.test(outcome);

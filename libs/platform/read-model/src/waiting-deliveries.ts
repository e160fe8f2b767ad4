import type { DataSource } from 'typeorm';

/** A delivery whose next attempt was due and has not been made. */
export interface WaitingDelivery {
  readonly channel: string;
  readonly id: string;
  /** Sequence of its last event. */
  readonly revision: number;
  /** Number of the attempt that it waits for, from 1. */
  readonly attempt: number;
}

/** Which deliveries of an endpoint are wanted. */
export interface WaitingQuery {
  readonly project: string;
  readonly endpointId: string;
  /** Only those that were due before this time. */
  readonly dueBefore: Date;
}

type Row = { channel: string; id: string; revision: string; attempt: number };

const pageSize = 500;

// In the order of `deliveries_open`, the index of the few that have not ended.
const page = `
  SELECT channel, id, sequence AS revision, COALESCE(attempts, 0) + 1 AS attempt FROM deliveries
  WHERE project_id = $1 AND endpoint_id = $2 AND ended_at IS NULL AND (channel, id) > ($4, $5)
    AND planned_at IS NOT NULL AND COALESCE(next_attempt_at, planned_at) < $3
  ORDER BY channel, id
  LIMIT ${pageSize}`;

/**
 * Hands over the deliveries of an endpoint that wait, page by page. Only one process does so for an endpoint at a time;
 * resolves to false when another one is at it.
 */
export async function eachWaitingDelivery(
  dataSource: DataSource,
  { project, endpointId, dueBefore }: WaitingQuery,
  take: (deliveries: readonly WaitingDelivery[]) => Promise<void>,
): Promise<boolean> {
  return dataSource.transaction(async (manager) => {
    const lock = 'SELECT pg_try_advisory_xact_lock(hashtextextended($1, 4)) AS got';
    const [answer] = await manager.query<{ got: boolean }[]>(lock, [endpointId]);
    if (!answer?.got) return false;
    let after: readonly [string, string] = ['', ''];
    for (;;) {
      const rows = await manager.query<Row[]>(page, [project, endpointId, dueBefore, ...after]);
      if (rows.length > 0) await take(rows.map((row) => ({ ...row, revision: Number(row.revision) })));
      const last = rows.at(-1);
      if (!last || rows.length < pageSize) return true;
      after = [last.channel, last.id];
    }
  });
}

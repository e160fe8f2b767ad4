import type { DataSource } from 'typeorm';

/** The delivery that last sent a dead letter once more. */
export interface LastReplay {
  readonly id: string;
  readonly endpointId: string;
  readonly status: string;
  readonly plannedAt: Date;
}

const findLastReplays = `
  SELECT DISTINCT ON (replay_of)
    replay_of AS "letterId", id, endpoint_id AS "endpointId", status, planned_at AS "plannedAt"
  FROM deliveries WHERE replay_of = ANY($1) AND planned_at IS NOT NULL
  ORDER BY replay_of, planned_at DESC, id`;

/** The last replay of each of the dead letters that were replayed, by the letter's id. */
export async function readLastReplays(
  dataSource: DataSource,
  letters: readonly string[],
): Promise<Map<string, LastReplay>> {
  if (letters.length === 0) return new Map();
  const found = await dataSource.query<(LastReplay & { letterId: string })[]>(findLastReplays, [letters]);
  return new Map(found.map(({ letterId, ...replay }) => [letterId, replay]));
}

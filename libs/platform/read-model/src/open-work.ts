import type { DataSource } from 'typeorm';
import { DeliveryEntity } from './entities/delivery.entity.js';
import { DeadLetterEntity } from './entities/dead-letter.entity.js';
import { RequestEntity } from './entities/request.entity.js';
import { deadLetterRowOf, deliveryRowOf, requestRowOf } from './entity-rows.js';
import type { DeadLetterRow, DeliveryRow, RequestRow } from './read-model.rows.js';

/** Which rows are wanted, in the order of their keys; what is left out does not matter. */
export interface OpenWorkQuery<Row> {
  /** Only rows that were made from an event before this place in the log. */
  readonly before?: number;
  /** Only rows that have waited since this time: requests accepted, deliveries due. */
  readonly waitingSince?: Date;
  /** The last row of the page before. */
  readonly after?: Row;
  readonly limit: number;
}

/** Requests that ended in a log that was lost. */
export interface EndedQuery {
  /** Made from an event before this place in the log. */
  readonly before: number;
  /** How long before the old log's last moment all of them are of interest, in milliseconds. */
  readonly allMs: number;
  /** How long before it those are of interest whose end no webhook was planned for, in milliseconds. */
  readonly unplannedMs: number;
  readonly after?: RequestRow;
  readonly limit: number;
}

/** Any number that no other user of advisory locks in this database takes. */
const lockKey = 7_232_411;

// An event that was appended once more, under the place that it has now. It may have been projected there already.
const moveEvent = `
  WITH moved AS (
    DELETE FROM timeline_events WHERE project_id = $1 AND channel = $2 AND sequence = $3
    RETURNING project_id, channel, type, at, data
  )
  INSERT INTO timeline_events (project_id, channel, sequence, type, at, data)
  SELECT project_id, channel, $4::bigint, type, at, data FROM moved
  ON CONFLICT DO NOTHING`;

const endedAround = `
  WITH old AS (SELECT max(GREATEST(accepted_at, ended_at)) AS last FROM requests WHERE sequence < $1)
  SELECT r.project_id AS project, r.channel FROM requests r, old
  WHERE r.sequence < $1 AND (r.project_id, r.channel) > ($4, $5)
    AND (r.ended_at > old.last - make_interval(secs => $2)
      OR (r.ended_at > old.last - make_interval(secs => $3) AND NOT EXISTS (
        SELECT 1 FROM deliveries d WHERE d.project_id = r.project_id AND d.channel = r.channel
          AND d.type IN ('task.completed', 'task.failed'))))
  ORDER BY r.project_id, r.channel
  LIMIT $6`;

/** What the read model knows to be unfinished, for the comparison with the log. */
export class OpenWork {
  constructor(private readonly dataSource: DataSource) {}

  /** Requests that have not ended. */
  async requests({ before, waitingSince, after, limit }: OpenWorkQuery<RequestRow>): Promise<RequestRow[]> {
    const query = this.dataSource.getRepository(RequestEntity).createQueryBuilder('r').where('r.endedAt IS NULL');
    if (before !== undefined) query.andWhere('r.sequence < :before', { before });
    if (waitingSince) query.andWhere('r.acceptedAt < :waitingSince', { waitingSince });
    if (after) query.andWhere('(r.project, r.channel) > (:project, :channel)', after);
    const found = await query.orderBy('r.project').addOrderBy('r.channel').limit(limit).getMany();
    return found.map(requestRowOf);
  }

  /** Deliveries that have not ended; a time asks for those whose next attempt, or first one, was due by then. */
  async deliveries({ before, waitingSince, after, limit }: OpenWorkQuery<DeliveryRow>): Promise<DeliveryRow[]> {
    const query = this.dataSource.getRepository(DeliveryEntity).createQueryBuilder('d').where('d.endedAt IS NULL');
    if (before !== undefined) query.andWhere('d.sequence < :before', { before });
    if (waitingSince) query.andWhere('COALESCE(d.nextAttemptAt, d.plannedAt) < :waitingSince', { waitingSince });
    if (after) query.andWhere('(d.project, d.channel, d.id) > (:project, :channel, :id)', after);
    const found = await query.orderBy('d.project').addOrderBy('d.channel').addOrderBy('d.id').limit(limit).getMany();
    return found.map(deliveryRowOf);
  }

  /** Requests that ended just before the log was lost: what had to follow their end may not have. Reads the table. */
  async ended({ before, allMs, unplannedMs, after, limit }: EndedQuery): Promise<RequestRow[]> {
    const { project = '', channel = '' } = after ?? {};
    const keys = await this.dataSource.query<{ project: string; channel: string }[]>(endedAround, [
      ...[before, allMs / 1_000, unplannedMs / 1_000],
      ...[project, channel, limit],
    ]);
    if (keys.length === 0) return [];
    const found = await this.dataSource.getRepository(RequestEntity).findBy(keys);
    const order = new Map(keys.map((key, index) => [key.channel, index]));
    return found.map(requestRowOf).sort((a, b) => (order.get(a.channel) ?? 0) - (order.get(b.channel) ?? 0));
  }

  /** Dead letters of a log that was lost, last given up first. */
  async deadLetters(before: number, since: Date, limit: number, after?: DeadLetterRow): Promise<DeadLetterRow[]> {
    const query = this.dataSource.getRepository(DeadLetterEntity).createQueryBuilder('d');
    query.where('d.sequence < :before AND d.endedAt >= :since', { before, since });
    if (after) query.andWhere('d.id > :id', after);
    return (await query.orderBy('d.id').limit(limit).getMany()).map(deadLetterRowOf);
  }

  /**
   * Lets events at any place of the log bring a request's rows up to date, also at an earlier one than they were
   * made from: for a request that is about to be put into a log that was cut short.
   */
  async release(project: string, channel: string): Promise<void> {
    await this.dataSource.query('UPDATE requests SET sequence = 0 WHERE project_id = $1 AND channel = $2', [
      project,
      channel,
    ]);
    await this.dataSource.query('UPDATE deliveries SET sequence = 0 WHERE project_id = $1 AND channel = $2', [
      project,
      channel,
    ]);
  }

  /** An event that was put into the log once more has another place there now; the timeline tells it once. */
  async moveEvent(project: string, channel: string, from: number, to: number): Promise<void> {
    await this.dataSource.query(moveEvent, [project, channel, from, to]);
  }

  /** Does something unless another process does it at this moment; resolves to whether it was done. */
  async alone(work: () => Promise<void>): Promise<boolean> {
    // A lock belongs to its connection, so it is gone with the process that held it.
    const runner = this.dataSource.createQueryRunner();
    try {
      const [answer] = (await runner.query('SELECT pg_try_advisory_lock($1) AS got', [lockKey])) as { got: boolean }[];
      if (answer?.got !== true) return false;
      try {
        await work();
      } finally {
        await runner.query('SELECT pg_advisory_unlock($1)', [lockKey]);
      }
      return true;
    } finally {
      await runner.release();
    }
  }
}

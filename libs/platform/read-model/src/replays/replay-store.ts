import type { DataSource } from 'typeorm';
import { ReplayEntity } from '../entities/replay.entity.js';
import { whereOf } from '../list-dead-letters.js';
import { pageOf, type DeliveryPage, type DeliveryPageRequest } from '../list-deliveries.js';
import { replayColumns, type NewReplay, type ReplayRow } from './replay.rows.js';

/*
 * The letters of a replay are written down with it, in one statement: what dies later is not among them, and a
 * process that takes over knows exactly what is left.
 */
const insertReplay = (letters: string): string => `
  WITH chosen AS (
    INSERT INTO replay_letters (replay_id, position, letter_id, channel, endpoint_id)
    SELECT $1::text, row_number() OVER (ORDER BY d.ended_at, d.id) - 1, d.id, d.channel, d.endpoint_id
    FROM dead_letters AS d WHERE d.project_id = $2::text${letters}
    RETURNING 1),
  counted AS (SELECT count(*)::integer AS total FROM chosen)
  INSERT INTO replays (id, project_id, status, total, rate_per_second, to_endpoint_id, include_replayed, created_at,
                       finished_at, next_at, settle_at)
  SELECT $1::text, $2::text, CASE WHEN total = 0 THEN 'completed' ELSE 'running' END, total, $3::double precision,
         $4::text, $5::boolean, now(), CASE WHEN total = 0 THEN now() END, now(), now()
  FROM counted
  RETURNING ${replayColumns}`;

const changeStatus = `
  UPDATE replays SET status = $3, finished_at = CASE WHEN $3 = 'cancelled' THEN now() ELSE finished_at END
  WHERE id = $1 AND status = $2 RETURNING ${replayColumns}`;

// The wait that the old rate asked for may be longer than the new one's.
const changeRate = `
  UPDATE replays SET rate_per_second = $2, next_at = LEAST(next_at, now() + interval '1 second' / $2)
  WHERE id = $1 AND status IN ('running', 'paused') RETURNING ${replayColumns}`;

/**
 * Replays of many dead letters, as their owners see them. Unlike the rest of the read model they are not in the
 * log: a replay is an order to work off, and what became of it is.
 */
export class ReplayStore {
  constructor(private readonly dataSource: DataSource) {}

  /** Those of the dead letters that a project has, given up at or after `since`. */
  async known(project: string, ids: readonly string[], since: Date): Promise<Set<string>> {
    const found = await this.dataSource.query<{ id: string }[]>(
      'SELECT id FROM dead_letters WHERE id = ANY($1) AND project_id = $2 AND ended_at >= $3',
      [ids, project, since],
    );
    return new Set(found.map(({ id }) => id));
  }

  /** Chooses the letters and makes the replay of them; it is worked at from then on. */
  async create(replay: NewReplay): Promise<ReplayRow> {
    const { id, project, ratePerSecond, toEndpointId, includeReplayed, selection } = replay;
    const given = [id, project, ratePerSecond, toEndpointId, includeReplayed];
    const letters = selection.filter
      ? whereOf(selection.filter, given)
      : { sql: ' AND d.id = ANY($6)', parameters: [...given, selection.ids] };
    const [row] = await this.dataSource.query<ReplayRow[]>(insertReplay(letters.sql), [...letters.parameters]);
    if (!row) throw new Error('A replay was inserted and nothing came back.');
    return row;
  }

  /** A replay, whichever project it belongs to. */
  async find(id: string): Promise<ReplayRow | undefined> {
    const [row] = await this.dataSource.query<ReplayRow[]>(`SELECT ${replayColumns} FROM replays WHERE id = $1`, [id]);
    return row;
  }

  /** A project's replays, newest first. */
  list(project: string, page: DeliveryPageRequest): Promise<DeliveryPage<ReplayRow>> {
    const query = this.dataSource.getRepository(ReplayEntity).createQueryBuilder('d').where({ project });
    return pageOf(query, 'createdAt', page);
  }

  /** Changes the status if it still is `from`; undefined when it is another one by now. */
  async changeStatus(id: string, from: string, to: string): Promise<ReplayRow | undefined> {
    const [[row]] = await this.dataSource.query<[ReplayRow[], number]>(changeStatus, [id, from, to]);
    return row;
  }

  /** Changes the rate of a replay that has not ended; undefined when it has. */
  async changeRate(id: string, ratePerSecond: number): Promise<ReplayRow | undefined> {
    const [[row]] = await this.dataSource.query<[ReplayRow[], number]>(changeRate, [id, ratePerSecond]);
    return row;
  }
}

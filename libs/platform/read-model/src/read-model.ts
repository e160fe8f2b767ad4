import type { DeliveryAttempt } from '@headrace/contracts';
import { isDataRefused, sqlStateOf } from '@headrace/postgres';
import { LessThan, type DataSource } from 'typeorm';
import { readDeliveryAttempts } from './delivery-attempts.js';
import { DeadLetterEntity } from './entities/dead-letter.entity.js';
import { DeliveryEntity } from './entities/delivery.entity.js';
import { EndpointSlotEntity } from './entities/endpoint-slot.entity.js';
import { RequestEntity } from './entities/request.entity.js';
import { TimelineEventEntity } from './entities/timeline-event.entity.js';
import { deadLetterRowOf, deadLetterRowsOf, deliveryRowOf, requestRowOf } from './entity-rows.js';
import { listDeadLetters, type DeadLetterFilter } from './list-dead-letters.js';
import { listDeliveries, type DeliveryFilter, type DeliveryPage, type DeliveryPageRequest } from './list-deliveries.js';
import { listRequests, type RequestFilter, type RequestPage, type RequestPosition } from './list-requests.js';
import { readLastReplays, type LastReplay } from './replays/last-replays.js';
import type { DeadLetterRow, DeliveryRow, ReadModelRows, RequestRow, TimelineRow } from './read-model.rows.js';
import { readSpend, type Spent } from './spend/read-spend.js';
import { spendFactsOf } from './spend/spend-facts.js';
import { spendStatement } from './spend/write-spend.js';
import { endpointFactsOf } from './stats/endpoint-facts.js';
import { readEndpointStats, type EndpointStats } from './stats/read-endpoint-stats.js';
import { factStatements, storedEvents } from './stats/write-facts.js';
import { deadLettersTable, deliveriesTable, requestsTable, timelineTable } from './tables.js';
import { eachWaitingDelivery, type WaitingDelivery, type WaitingQuery } from './waiting-deliveries.js';
import { combined, insertStatement, latestRows, upsertStatement, type Statement } from './write-rows.js';

/** Rows hold a value that the database will never take. */
export class RowsRefused extends Error {
  override readonly name = 'RowsRefused';

  constructor(sqlState: string | undefined, options: ErrorOptions) {
    // The database's own text may quote the value, which is a customer's.
    super(
      `A value cannot be stored (${sqlState === undefined ? 'nested too deep' : `SQLSTATE ${sqlState}`}).`,
      options,
    );
  }
}

/** An event of a channel, as a timeline is made from it. */
export interface StoredEvent {
  readonly type: string;
  readonly data: unknown;
  readonly sequence: number;
  readonly time: string;
}

/**
 * What happened, in tables that can be searched. A projection: it lags the log by some milliseconds, and all of it
 * can be made again by emptying `timeline_events`, `requests`, `deliveries`, `dead_letters`, `endpoint_slots`,
 * `endpoint_summaries` and `spend` and removing the durable consumer `timeline-projector`, which then begins with the log's first
 * event.
 */
export class ReadModel {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Writes all rows or none. Repeating it changes nothing, and the order of calls does not matter.
   * Throws `RowsRefused` when some value can never be stored; anything else may pass by itself.
   */
  async write(rows: ReadModelRows): Promise<void> {
    try {
      const [first, ...more] = statementsOf(rows);
      if (!first) return;
      const { sql, parameters } = combined([first, ...more]);
      await this.dataSource.query(sql, [...parameters]);
    } catch (error) {
      // A RangeError: nested too deep to be written as JSON.
      const refused = isDataRefused(error) || (error instanceof Error && error.name === 'RangeError');
      throw refused ? new RowsRefused(sqlStateOf(error), { cause: error }) : error;
    }
  }

  /** All events of a channel, oldest first. */
  async timeline(project: string, channel: string): Promise<StoredEvent[]> {
    const events = await this.dataSource.getRepository(TimelineEventEntity).find({
      where: { project, channel },
      order: { sequence: 'ASC' },
    });
    return events.map(({ type, data, sequence, at }) => ({
      type,
      data,
      sequence: Number(sequence),
      time: at.toISOString(),
    }));
  }

  /** One request; undefined when there is none, or none yet. */
  async request(project: string, channel: string): Promise<RequestRow | undefined> {
    const entity = await this.dataSource.getRepository(RequestEntity).findOneBy({ project, channel });
    return entity ? requestRowOf(entity) : undefined;
  }

  /** A project's requests, newest first. */
  listRequests(
    project: string,
    filter: RequestFilter,
    page: { readonly limit: number; readonly after?: RequestPosition },
  ): Promise<RequestPage> {
    return listRequests(this.dataSource, project, filter, page);
  }

  /** What a project spent since a day in UTC (`2026-01-31`), that one included, by day and key. */
  spentSince(project: string, day: string): Promise<Spent[]> {
    return readSpend(this.dataSource, project, day);
  }

  /** The deliveries of a channel, in the order in which they were planned. */
  async deliveries(project: string, channel: string): Promise<DeliveryRow[]> {
    const entities = await this.dataSource.getRepository(DeliveryEntity).find({
      where: { project, channel },
      order: { plannedAt: 'ASC', id: 'ASC' },
    });
    return entities.map(deliveryRowOf);
  }

  /** A project's deliveries, last planned first. */
  listDeliveries(
    project: string,
    filter: DeliveryFilter,
    page: DeliveryPageRequest,
  ): Promise<DeliveryPage<DeliveryRow>> {
    return listDeliveries(this.dataSource, project, filter, page);
  }

  /** The attempts made for each of the deliveries, by delivery id. */
  deliveryAttempts(
    project: string,
    deliveries: readonly Pick<DeliveryRow, 'channel' | 'id'>[],
  ): Promise<Map<string, DeliveryAttempt[]>> {
    return readDeliveryAttempts(this.dataSource, project, deliveries);
  }

  /**
   * Hands over the deliveries of an endpoint that wait, page by page. Only one process does so for an endpoint at a
   * time; resolves to false when another one is at it.
   */
  eachWaitingDelivery(
    query: WaitingQuery,
    take: (deliveries: readonly WaitingDelivery[]) => Promise<void>,
  ): Promise<boolean> {
    return eachWaitingDelivery(this.dataSource, query, take);
  }

  /** A project's dead letters, last given up first. */
  listDeadLetters(
    project: string,
    filter: DeadLetterFilter,
    page: DeliveryPageRequest,
  ): Promise<DeliveryPage<DeadLetterRow>> {
    return listDeadLetters(this.dataSource, project, filter, page);
  }

  /** The dead letter of a delivery, whichever project it belongs to. */
  async deadLetter(id: string): Promise<DeadLetterRow | undefined> {
    const entity = await this.dataSource.getRepository(DeadLetterEntity).findOneBy({ id });
    return entity ? deadLetterRowOf(entity) : undefined;
  }

  /** The last replay of each of the dead letters that were replayed, by the letter's id. */
  lastReplays(letters: readonly string[]): Promise<Map<string, LastReplay>> {
    return readLastReplays(this.dataSource, letters);
  }

  /** Removes dead letters that were given up before a time, at most `limit`; resolves to their number. */
  async forgetDeadLetters(before: Date, limit: number): Promise<number> {
    const [, affected] = await this.dataSource.query<[unknown, number]>(
      `DELETE FROM dead_letters WHERE id IN (
         SELECT id FROM dead_letters WHERE ended_at < $1 ORDER BY ended_at LIMIT $2 FOR UPDATE SKIP LOCKED)`,
      [before, limit],
    );
    return affected;
  }

  /** What happened at an endpoint from `from`, the start of a slot, until now. */
  endpointStats(project: string, endpointId: string, from: Date): Promise<EndpointStats> {
    return readEndpointStats(this.dataSource, project, endpointId, from);
  }

  /** Removes what was counted before a time; resolves to the number of rows. */
  async forgetEndpointSlots(before: Date): Promise<number> {
    const { affected } = await this.dataSource.getRepository(EndpointSlotEntity).delete({ slot: LessThan(before) });
    return affected ?? 0;
  }
}

function statementsOf(rows: ReadModelRows): Statement[] {
  const requests = latestRows(requestsTable, rows.requests);
  const deliveries = latestRows(deliveriesTable, rows.deliveries);
  const deadLetters = deadLetterRowsOf(deliveries);
  return [
    ...(rows.timeline.length > 0 ? timelineStatements(rows.timeline) : []),
    ...(requests.length > 0 ? [upsertStatement(requestsTable, requests)] : []),
    ...(deliveries.length > 0 ? [upsertStatement(deliveriesTable, deliveries)] : []),
    ...(deadLetters.length > 0 ? [insertStatement(deadLettersTable, deadLetters)] : []),
  ];
}

/** Stores events, and counts what those of them tell that were not stored before. */
function timelineStatements(timeline: readonly TimelineRow[]): Statement[] {
  const facts = endpointFactsOf(timeline);
  const spend = spendFactsOf(timeline);
  const insert = insertStatement(timelineTable, timeline);
  const counting = [
    ...(facts.summaries.length > 0 ? factStatements(facts) : []),
    ...(spend.length > 0 ? [spendStatement(spend)] : []),
  ];
  if (counting.length === 0) return [insert];
  const returning = `${insert.sql} RETURNING sequence`;
  return [...counting, { ...insert, sql: returning, name: storedEvents }];
}

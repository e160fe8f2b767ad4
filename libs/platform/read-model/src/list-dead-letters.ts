import type { DataSource } from 'typeorm';
import { DeadLetterEntity } from './entities/dead-letter.entity.js';
import { deadLetterRowOf } from './entity-rows.js';
import { pageOf, type DeliveryPage, type DeliveryPageRequest } from './list-deliveries.js';
import type { DeadLetterRow } from './read-model.rows.js';

/** Which dead letters are wanted; what is left out does not matter. */
export interface DeadLetterFilter {
  readonly endpointId?: string;
  readonly type?: string;
  readonly channel?: string;
  /** Of the last attempt. */
  readonly httpStatus?: number;
  /** The error's code. */
  readonly error?: string;
  /** Given up at or after this time. */
  readonly since?: Date;
  /** Given up before this time. */
  readonly until?: Date;
  /** Whether some delivery sent it once more, whatever became of that. */
  readonly replayed?: boolean;
}

/** A condition of a filter in SQL over `dead_letters AS d`, with its value. */
interface Condition {
  readonly sql: (value: string) => string;
  readonly value?: unknown;
}

const isReplayed = 'EXISTS (SELECT FROM deliveries r WHERE r.replay_of = d.id)';

/** A filter as conditions: for lists and for the selection of a replay alike. */
function conditionsOf(filter: DeadLetterFilter): Condition[] {
  const { endpointId, type, channel, httpStatus, error, since, until, replayed } = filter;
  const compared: readonly (readonly [string, unknown])[] = [
    ['d.endpoint_id =', endpointId],
    ['d.type =', type],
    ['d.channel =', channel],
    ['d.http_status =', httpStatus],
    ['d.error_code =', error],
    ['d.ended_at >=', since],
    ['d.ended_at <', until],
  ];
  const conditions: Condition[] = compared
    .filter(([, value]) => value !== undefined)
    .map(([comparison, value]) => ({ sql: (name) => `${comparison} ${name}`, value }));
  if (replayed !== undefined) conditions.push({ sql: () => (replayed ? isReplayed : `NOT ${isReplayed}`) });
  return conditions;
}

/** A filter as a WHERE clause over `dead_letters AS d` whose parameters follow `parameters`, and all of them. */
export function whereOf(
  filter: DeadLetterFilter,
  parameters: readonly unknown[],
): { readonly sql: string; readonly parameters: readonly unknown[] } {
  const all = [...parameters];
  const sql = conditionsOf(filter).map((condition) => {
    if (condition.value !== undefined) all.push(condition.value);
    return ` AND ${condition.sql(`$${all.length}`)}`;
  });
  return { sql: sql.join(''), parameters: all };
}

/** Reads one page of a project's dead letters, last given up first. */
export async function listDeadLetters(
  dataSource: DataSource,
  project: string,
  filter: DeadLetterFilter,
  page: DeliveryPageRequest,
): Promise<DeliveryPage<DeadLetterRow>> {
  const query = dataSource.getRepository(DeadLetterEntity).createQueryBuilder('d').where({ project });
  for (const [index, { sql, value }] of conditionsOf(filter).entries()) {
    query.andWhere(sql(`:filter${index}`), { [`filter${index}`]: value });
  }
  const { items, next } = await pageOf(query, 'endedAt', page);
  return { items: items.map(deadLetterRowOf), next };
}

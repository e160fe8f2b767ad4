import type { DataSource, SelectQueryBuilder } from 'typeorm';
import { DeadLetterEntity } from './entities/dead-letter.entity.js';
import { DeliveryEntity } from './entities/delivery.entity.js';
import { deadLetterRowOf, deliveryRowOf } from './entity-rows.js';
import type { DeadLetterRow, DeliveryRow } from './read-model.rows.js';

/** Which deliveries are wanted; what is left out does not matter. */
export interface DeliveryFilter {
  readonly channel?: string;
  readonly endpointId?: string;
  readonly status?: string;
}

/** Which dead letters are wanted; what is left out does not matter. */
export interface DeadLetterFilter {
  readonly endpointId?: string;
  readonly type?: string;
  /** Given up at or after this time. */
  readonly since?: Date;
}

/** Where a page ended: the time that the list is ordered by, and the id. */
export interface DeliveryPosition {
  readonly at: Date;
  readonly id: string;
}

/** Which page is wanted. */
export interface DeliveryPageRequest {
  readonly limit: number;
  readonly after?: DeliveryPosition;
}

/** A part of a list, newest first. */
export interface DeliveryPage<Row> {
  readonly items: readonly Row[];
  /** Null on the last page. */
  readonly next: DeliveryPosition | null;
}

/** Reads one page of a project's deliveries, last planned first. */
export async function listDeliveries(
  dataSource: DataSource,
  project: string,
  { channel, endpointId, status }: DeliveryFilter,
  page: DeliveryPageRequest,
): Promise<DeliveryPage<DeliveryRow>> {
  const query = dataSource.getRepository(DeliveryEntity).createQueryBuilder('d').where({ project });
  // Without its first event a delivery has no place in the order.
  query.andWhere('d.plannedAt IS NOT NULL');
  if (channel !== undefined) query.andWhere('d.channel = :channel', { channel });
  if (endpointId !== undefined) query.andWhere('d.endpointId = :endpointId', { endpointId });
  if (status !== undefined) query.andWhere('d.status = :status', { status });
  const { items, next } = await pageOf(query, 'plannedAt', page);
  return { items: items.map(deliveryRowOf), next };
}

/** Reads one page of a project's dead letters, last given up first. */
export async function listDeadLetters(
  dataSource: DataSource,
  project: string,
  { endpointId, type, since }: DeadLetterFilter,
  page: DeliveryPageRequest,
): Promise<DeliveryPage<DeadLetterRow>> {
  const query = dataSource.getRepository(DeadLetterEntity).createQueryBuilder('d').where({ project });
  if (endpointId !== undefined) query.andWhere('d.endpointId = :endpointId', { endpointId });
  if (type !== undefined) query.andWhere('d.type = :type', { type });
  if (since !== undefined) query.andWhere('d.endedAt >= :since', { since });
  const { items, next } = await pageOf(query, 'endedAt', page);
  return { items: items.map(deadLetterRowOf), next };
}

async function pageOf<Time extends string, Entity extends { id: string } & Record<Time, Date | null>>(
  query: SelectQueryBuilder<Entity>,
  time: Time,
  { limit, after }: DeliveryPageRequest,
): Promise<DeliveryPage<Entity>> {
  if (after) query.andWhere(`(d.${time}, d.id) < (:at, :id)`, after);
  const found = await query
    .orderBy(`d.${time}`, 'DESC')
    .addOrderBy('d.id', 'DESC')
    .limit(limit + 1)
    .getMany();
  const items = found.slice(0, limit);
  const last = items.at(-1);
  const at = found.length > limit ? last?.[time] : null;
  return { items, next: last && at ? { at, id: last.id } : null };
}

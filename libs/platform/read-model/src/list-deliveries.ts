import type { DataSource, SelectQueryBuilder } from 'typeorm';
import { DeliveryEntity } from './entities/delivery.entity.js';
import { deliveryRowOf } from './entity-rows.js';
import type { DeliveryRow } from './read-model.rows.js';

/** Which deliveries are wanted; what is left out does not matter. */
export interface DeliveryFilter {
  readonly channel?: string;
  readonly endpointId?: string;
  readonly status?: string;
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

/** The page of a query over `d` that is ordered by a time, newest first. */
export async function pageOf<Time extends string, Entity extends { id: string } & Record<Time, Date | null>>(
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

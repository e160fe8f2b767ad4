import type { FindOptionsWhere, ObjectLiteral, Repository } from 'typeorm';

/** Where a page ended: the next one goes on behind it. */
export interface PagePosition {
  readonly createdAt: Date;
  readonly id: string;
}

/** Which part of a list is wanted. */
export interface PageRequest {
  readonly limit: number;
  readonly after?: PagePosition;
}

/** A part of a list, newest first. */
export interface Page<Item> {
  readonly items: readonly Item[];
  /** Null on the last page. */
  readonly next: PagePosition | null;
}

/** Reads one page by its position, so that new entries shift nothing and late pages cost no more than the first. */
export async function readPage<Entity extends ObjectLiteral & PagePosition>(
  repository: Repository<Entity>,
  where: FindOptionsWhere<Entity>,
  { limit, after }: PageRequest,
): Promise<Page<Entity>> {
  const query = repository.createQueryBuilder('entry').where(where);
  if (after) query.andWhere('(entry.createdAt, entry.id) < (:createdAt, :id)', after);
  const rows = await query
    .orderBy('entry.createdAt', 'DESC')
    .addOrderBy('entry.id', 'DESC')
    .limit(limit + 1)
    .getMany();
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, next: rows.length > limit && last ? { createdAt: last.createdAt, id: last.id } : null };
}

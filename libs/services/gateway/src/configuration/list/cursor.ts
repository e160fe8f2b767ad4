import type { PagePosition } from '@headrace/project-store';

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** A position as clients carry it: opaque to them. */
export const encodeCursor = ({ createdAt, id }: PagePosition): string =>
  Buffer.from(`${createdAt.toISOString()} ${id}`).toString('base64url');

/** The position in a cursor; undefined when a client made it up. */
export function decodeCursor(cursor: unknown): PagePosition | undefined {
  if (typeof cursor !== 'string') return undefined;
  const [time = '', id = ''] = Buffer.from(cursor, 'base64url').toString('latin1').split(' ');
  const createdAt = new Date(time);
  return Number.isNaN(createdAt.getTime()) || !uuid.test(id) ? undefined : { createdAt, id };
}

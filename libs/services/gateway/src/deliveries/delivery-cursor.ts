import type { DeliveryPosition } from '@headrace/read-model';

const deliveryId = /^[A-Za-z0-9_-]{1,100}$/;

/** Whether a text can be the id of a delivery or an endpoint: letters, digits, `-` and `_`. */
export const isDeliveryId = (value: string): boolean => deliveryId.test(value);

/** A position as clients carry it: opaque to them. */
export const encodeDeliveryCursor = ({ at, id }: DeliveryPosition): string =>
  Buffer.from(`${at.toISOString()} ${id}`).toString('base64url');

/** The position in a cursor; undefined when a client made it up. */
export function decodeDeliveryCursor(cursor: unknown): DeliveryPosition | undefined {
  if (typeof cursor !== 'string') return undefined;
  const [time = '', id = ''] = Buffer.from(cursor, 'base64url').toString('latin1').split(' ');
  const at = new Date(time);
  return Number.isNaN(at.getTime()) || !isDeliveryId(id) ? undefined : { at, id };
}

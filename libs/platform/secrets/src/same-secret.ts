import { hash, timingSafeEqual } from 'node:crypto';

/** Whether two secrets are equal, in a time that tells nothing about either, their lengths included. */
export function sameSecret(one: string, other: string): boolean {
  return timingSafeEqual(hash('sha256', one, 'buffer'), hash('sha256', other, 'buffer'));
}

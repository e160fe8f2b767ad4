import { createHmac, timingSafeEqual, type BinaryLike, type KeyObject } from 'node:crypto';

/** HMAC-SHA256 over the parts one after the other. */
export function hmacSha256(key: string | KeyObject, parts: readonly BinaryLike[], encoding: 'hex' | 'base64'): string {
  const hmac = createHmac('sha256', key);
  for (const part of parts) hmac.update(part);
  return hmac.digest(encoding);
}

/** Whether two signatures are equal; takes equally long wherever they differ. Their length is no secret. */
export function sameSignature(one: string, other: string): boolean {
  const [left, right] = [Buffer.from(one), Buffer.from(other)];
  return left.length === right.length && timingSafeEqual(left, right);
}

import { createHash } from 'node:crypto';

/**
 * SHA-256 of JSON values, base64url: equal exactly when the values are, whatever the order of their keys. Fields that
 * are undefined count as left out.
 */
export function fingerprintOf(...values: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(values, inOrder)).digest('base64url');
}

function inOrder(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)));
}

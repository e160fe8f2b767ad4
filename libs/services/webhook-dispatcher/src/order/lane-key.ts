import { hash } from 'node:crypto';
import { valueAt } from '@headrace/domain';

/**
 * Which lane of an endpoint a webhook waits in: a digest of what its body says under the endpoint's `fifo_key`, so
 * that no customer's value gets into a subject. Undefined: none, because the endpoint asks for no order or the body
 * has no text, number or boolean there.
 */
export function laneKeyOf(fifoKey: string | null, body: unknown): string | undefined {
  if (fifoKey === null) return undefined;
  const value = valueAt(body, fifoKey);
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') return undefined;
  return hash('sha256', JSON.stringify([fifoKey, value]), 'base64url').slice(0, 22);
}

import { createHash } from 'node:crypto';
import type { RecordAddress } from '@headrace/contracts';
import { ApiError, invalidFields } from '@headrace/http';

/** The header by which a client says that two requests are one. */
export const idempotencyHeader = 'Idempotency-Key';

/** Header of an answer that was given before. */
export const replayedHeader = { 'idempotent-replayed': 'true' } as const;

const longest = 255;
const visibleText = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/;

/**
 * The key in a request's headers; undefined when there is none. Throws `invalid_request_error` for a key that is
 * empty, too long or not of visible ASCII: such a one would not be the same to every proxy on the way.
 */
export function idempotencyKeyOf(headers: Readonly<Record<string, string | string[] | undefined>>): string | undefined {
  const key = headers['idempotency-key'];
  if (key === undefined) return undefined;
  if (typeof key === 'string' && key.length <= longest && visibleText.test(key)) return key;
  const message = `${idempotencyHeader} must be 1 to ${longest} visible ASCII characters, such as a UUID.`;
  throw invalidFields([{ param: idempotencyHeader, message }]);
}

/** Where what is remembered of a key is kept: keys of different projects and routes never meet. */
export function keyAddress(project: string, route: string, key: string): RecordAddress {
  return { kind: 'idempotency', project, key: createHash('sha256').update(`${route}\n${key}`).digest('base64url') };
}

/** 409: the key came with another request before. */
export function keyReused(): ApiError {
  const message =
    `This ${idempotencyHeader} was used for another request: the body or path differs. ` +
    'Send the same request again, or use a new key.';
  return new ApiError('idempotency_key_reused', message, { details: [{ param: idempotencyHeader, message }] });
}

/** 409: the first request with the key has no answer yet. */
export function keyInUse(): ApiError {
  const message = `The first request with this ${idempotencyHeader} is still being answered. Try again shortly.`;
  return new ApiError('idempotency_key_in_use', message, {
    details: [{ param: idempotencyHeader, message }],
    headers: { 'retry-after': '1' },
  });
}

/** 409: nobody knows what the first request with the key did. */
export function outcomeUnknown(): ApiError {
  const message =
    `The first request with this ${idempotencyHeader} was interrupted, and whether it took effect is not known. ` +
    'Look whether it did, and if not, send it with a new key.';
  return new ApiError('idempotency_outcome_unknown', message, { details: [{ param: idempotencyHeader, message }] });
}

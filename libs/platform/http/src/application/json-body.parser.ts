import { ApiError } from '../errors/api.error.js';

/** Deeper values could not be written again: `JSON.stringify` recurses. No real payload comes near. */
const maximumDepth = 100;

/**
 * Parses a JSON body. An empty one is undefined, because clients send Content-Type with bodiless requests too.
 * Throws `invalid_json` with the place of the error.
 */
export function parseJsonBody(bytes: Buffer): unknown {
  const text = bytes.toString('utf8');
  if (text.trim() === '') return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'not readable';
    throw new ApiError('invalid_json', `The body is not valid JSON (${reason}). Send one JSON object.`);
  }
  refuseUnsafe(value, 1);
  return value;
}

/** A key `__proto__` would change the prototype of whatever a handler copies the body into. */
function refuseUnsafe(value: unknown, depth: number): void {
  if (typeof value !== 'object' || value === null) return;
  if (depth > maximumDepth) {
    throw new ApiError('invalid_json', `The body is nested deeper than ${maximumDepth} levels. Send a flatter one.`);
  }
  if (Array.isArray(value)) {
    for (const entry of value) refuseUnsafe(entry, depth + 1);
    return;
  }
  for (const key in value) {
    if (key === '__proto__') throw new ApiError('invalid_json', 'The body has a key "__proto__". Rename it.');
    refuseUnsafe((value as Record<string, unknown>)[key], depth + 1);
  }
}

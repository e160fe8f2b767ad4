import { ConfigurationError } from '../errors.js';

/** An id as a segment of a path. An empty one, or dots, would make it the path of something else. */
export function segmentOf(id: string): string {
  if (typeof id !== 'string' || /^\.{0,2}$/.test(id)) throw new ConfigurationError('An id is missing.');
  return encodeURIComponent(id);
}

import type { Serializer } from './frame.js';
import { serializerV1 } from './serializer-v1.js';
import { serializerV2 } from './serializer-v2.js';

/**
 * The serializer that a client's query asks for; undefined when there is none (HTTP 403).
 * No `vsn` means version 1. A version is `1.0.x` or `2.0.x` in full; the last `vsn` of several counts, and a
 * nested one (`vsn[]`) is not a version.
 */
export function negotiateSerializer(query: URLSearchParams): Serializer | undefined {
  for (const name of query.keys()) if (name.startsWith('vsn[')) return undefined;
  const version = query.getAll('vsn').at(-1);
  if (version === undefined || /^1\.0\.\d+$/.test(version)) return serializerV1;
  return /^2\.0\.\d+$/.test(version) ? serializerV2 : undefined;
}

import { isJsonObject, type Json, type JsonObject } from '@headrace/contracts';

/** One place in which two JSON values differ. */
export interface JsonChange {
  /** JSON Pointer (RFC 6901). */
  readonly path: string;
  /** Left out where there was nothing. */
  readonly from?: Json;
  /** Left out where nothing is any more. */
  readonly to?: Json;
}

/** Where two values differ, as deep down as they can be compared: objects by key, lists by place. */
export function jsonChanges(from: Json, to: Json, path = ''): JsonChange[] {
  if (Array.isArray(from) && Array.isArray(to)) return entryChanges(byPlace(from), byPlace(to), path);
  if (isJsonObject(from) && isJsonObject(to)) return entryChanges(from, to, path);
  return from === to ? [] : [{ path, from, to }];
}

function entryChanges(from: JsonObject, to: JsonObject, path: string): JsonChange[] {
  return [...new Set([...Object.keys(from), ...Object.keys(to)])].flatMap((key) => {
    const inner = `${path}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    const [before, after] = [own(from, key), own(to, key)];
    if (before === undefined) return after === undefined ? [] : [{ path: inner, to: after }];
    return after === undefined ? [{ path: inner, from: before }] : jsonChanges(before, after, inner);
  });
}

const byPlace = (list: readonly Json[]): JsonObject => Object.fromEntries(Object.entries(list));

const own = (entries: JsonObject, key: string): Json | undefined =>
  Object.hasOwn(entries, key) ? entries[key] : undefined;

import { isJsonObject as isObject, type Json, type JsonObject } from '@headrace/contracts';

export { isObject };

/** A value when it is a text. */
export const text = (value: Json | undefined): string | undefined => (typeof value === 'string' ? value : undefined);

/** A member of an object when it is an object; else an empty one. */
export const objectIn = (value: Json | undefined): JsonObject => (isObject(value) ? value : {});

/** The objects of a list; none when it is no list. */
export const objectsIn = (value: Json | undefined): JsonObject[] =>
  Array.isArray(value) ? value.filter(isObject) : [];

/** A count of tokens; undefined when there is none. */
export const count = (value: Json | undefined): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0 ? Math.round(value) : undefined;

/** An object without the members that are undefined. */
export function defined(members: Readonly<Record<string, Json | undefined>>): JsonObject {
  const kept: JsonObject = {};
  for (const [key, value] of Object.entries(members)) if (value !== undefined) kept[key] = value;
  return kept;
}

/** The JSON object that a text is; undefined when it is none. */
export function parsedObject(json: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

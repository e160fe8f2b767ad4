import { Type, type TSchema, type TUnsafe } from '@sinclair/typebox';

/** Any JSON value. */
export type Json = string | number | boolean | null | Json[] | JsonObject;

/** A JSON object with unknown keys. */
export interface JsonObject {
  [key: string]: Json;
}

/** Whether a value out of JSON is an object: neither a list nor null. */
export const isJsonObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Schema of a free JSON object. */
export const JsonObjectSchema = Type.Unsafe<JsonObject>({ type: 'object' });

/** Schema of any JSON value. */
export const JsonSchema = Type.Unsafe<Json>({});

/** `schema`, or null. */
export function Nullable<S extends TSchema>(schema: S): TUnsafe<S['static'] | null> {
  return Type.Unsafe<S['static'] | null>({ anyOf: [schema, { type: 'null' }] });
}

/** An instant as ISO 8601 text in UTC with milliseconds. */
export const Instant = Type.String({ description: 'ISO 8601 UTC, milliseconds' });

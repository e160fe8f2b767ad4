import type { Json, JsonObject } from '@headrace/contracts';
import { isObject } from '../chat/json.js';

/** What OpenAI's strict mode knows; it answers a schema that says more with an error. */
const keywords = new Set([
  ...['type', 'properties', 'required', 'additionalProperties', 'items', 'enum', 'const', 'anyOf', '$ref', '$defs'],
  ...['title', 'description', 'pattern', 'format', 'multipleOf', 'minItems', 'maxItems'],
  ...['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', '$schema'],
]);
const formats = new Set([...['date-time', 'time', 'date', 'duration', 'email', 'hostname', 'ipv4', 'ipv6', 'uuid']]);
const deepest = 10;

/**
 * Whether a schema can be held to in OpenAI's strict mode as it is: its objects are closed, require all of their
 * properties, and use nothing that the mode does not know. Any other schema is asked for without, since to rewrite it
 * would let the model answer what does not fit it.
 */
export const fitsStrictMode = (schema: JsonObject): boolean =>
  schema.type === 'object' && schema.anyOf === undefined && fits(schema, 0);

function fits(schema: Json | undefined, depth: number): boolean {
  if (!isObject(schema) || depth > deepest) return false;
  if (Object.keys(schema).some((keyword) => !keywords.has(keyword))) return false;
  const { format, $defs, anyOf, $ref, items } = schema;
  if (format !== undefined && !(typeof format === 'string' && formats.has(format))) return false;
  if ($defs !== undefined && !isMapOf($defs, 0)) return false;
  if ($ref !== undefined) return typeof $ref === 'string' && $ref.startsWith('#');
  if (anyOf !== undefined) return Array.isArray(anyOf) && anyOf.every((one) => fits(one, depth));
  if (schema.enum !== undefined || schema.const !== undefined) return true;
  const types = [schema.type].flat();
  if (types.includes('object') && !isClosed(schema, depth)) return false;
  if (types.includes('array') && !fits(items, depth + 1)) return false;
  return types.every((type) => typeof type === 'string');
}

function isClosed({ properties, required, additionalProperties }: JsonObject, depth: number): boolean {
  if (additionalProperties !== false || !isMapOf(properties, depth + 1)) return false;
  const names = Array.isArray(required) ? required : [];
  return Object.keys(properties).every((name) => names.includes(name));
}

const isMapOf = (schemas: Json | undefined, depth: number): schemas is JsonObject =>
  isObject(schemas) && Object.values(schemas).every((schema) => fits(schema, depth));

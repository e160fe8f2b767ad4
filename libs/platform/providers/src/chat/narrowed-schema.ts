import type { Json, JsonObject } from '@headrace/contracts';
import { isObject, text } from './json.js';

/** What a provider's schemas may say. */
export interface SchemaDialect {
  readonly keywords: ReadonlySet<string>;
  /** A schema after the rest was done, for what is spelled differently. */
  readonly spell?: (schema: JsonObject) => JsonObject;
}

const maps = new Set(['properties', '$defs', 'definitions']);
const lists = new Set(['anyOf', 'oneOf', 'allOf', 'prefixItems']);
const single = new Set(['items', 'additionalProperties']);
/** Notes that help nobody who writes an answer, and what a model does anyway. */
const isNote = (keyword: string, value: Json): boolean =>
  notes.has(keyword) || (keyword === 'additionalProperties' && typeof value === 'boolean');
const notes = new Set(['$schema', '$id', '$comment', 'examples', 'deprecated', 'readOnly', 'writeOnly']);

/**
 * A JSON Schema with the keywords that a provider knows. What it does not know is told in the description, so that
 * the model may still keep to it; the answer is validated against the whole schema in any case.
 */
export function narrowedSchema(schema: JsonObject, dialect: SchemaDialect): JsonObject {
  const kept: JsonObject = {};
  const told: string[] = [];
  for (const [keyword, value] of Object.entries(schema)) {
    if (dialect.keywords.has(keyword)) kept[keyword] = narrowedValue(keyword, value, dialect);
    else if (!isNote(keyword, value)) told.push(`${keyword}: ${JSON.stringify(value)}`);
  }
  if (told.length > 0) kept.description = [text(kept.description), `(${told.join(', ')})`].filter(Boolean).join(' ');
  return dialect.spell?.(kept) ?? kept;
}

function narrowedValue(keyword: string, value: Json, dialect: SchemaDialect): Json {
  const narrowed = (schema: Json): Json => (isObject(schema) ? narrowedSchema(schema, dialect) : schema);
  if (single.has(keyword)) return narrowed(value);
  if (lists.has(keyword) && Array.isArray(value)) return value.map(narrowed);
  if (maps.has(keyword) && isObject(value)) {
    return Object.fromEntries(Object.entries(value).map(([name, schema]) => [name, narrowed(schema)]));
  }
  return value;
}

import type { Json, JsonObject } from '@headrace/contracts';
import { isObject } from '../chat/json.js';

/** What an object stands for where a JSON Schema is wanted. */
export type SchemaForm =
  /** A JSON Schema, right or wrong. */
  | 'schema'
  /** A value as the answers shall be: `schemaFromExample` makes it a schema. */
  | 'example'
  /** The inside of `properties`, which could be meant either way. */
  | 'properties';

const types: readonly unknown[] = ['object', 'array', 'string', 'number', 'integer', 'boolean', 'null'];

/** Words of JSON Schema since draft 4, and those that OpenAPI and providers have added. */
const words = new Set(
  (
    'type properties required items additionalProperties enum const anyOf oneOf allOf not if then else title ' +
    'description default examples example deprecated readOnly writeOnly format pattern minLength maxLength minimum ' +
    'maximum exclusiveMinimum exclusiveMaximum multipleOf minItems maxItems uniqueItems prefixItems additionalItems ' +
    'contains minContains maxContains unevaluatedItems minProperties maxProperties patternProperties propertyNames ' +
    'dependencies dependentRequired dependentSchemas unevaluatedProperties contentEncoding contentMediaType ' +
    'contentSchema definitions id nullable discriminator xml externalDocs propertyOrdering strict'
  ).split(' '),
);

/** Words that an example hardly has with such values: any of them makes an object a schema. */
const tells: Readonly<Record<string, (value: Json) => boolean>> = {
  type: (value) =>
    value === 'object' || value === 'array' || (isList(value) && value.every((one) => types.includes(one))),
  properties: (value) => isObject(value) && Object.values(value).every(isSchemaLike),
  patternProperties: (value) => isObject(value) && Object.values(value).every(isSchemaLike),
  definitions: (value) => isObject(value) && Object.values(value).every(isSchemaLike),
  anyOf: isSchemaList,
  oneOf: isSchemaList,
  allOf: isSchemaList,
};

/**
 * How an object is meant. It is a schema when it has a word of JSON Schema's core (`$schema`, `$ref`, `$defs`, …), a
 * telling one (`tells`), or a `type` and nothing but words that JSON Schema knows; the empty object is one too. What
 * consists of named schemas is the inside of `properties`. Everything else is an example.
 */
export function schemaFormOf(object: JsonObject): SchemaForm {
  if (isSchema(object)) return 'schema';
  return Object.values(object).every(isNamedSchema) ? 'properties' : 'example';
}

function isSchema(object: JsonObject): boolean {
  const entries = Object.entries(object);
  if (entries.length === 0 || entries.some(isTelling)) return true;
  const isAllWords = entries.every(([key]) => words.has(key) || key.startsWith('x-'));
  return isAllWords && ('type' in object || 'const' in object || ('enum' in object && isList(object.enum ?? null)));
}

const isTelling = ([key, value]: [string, Json]): boolean =>
  key.startsWith('$') || (Object.hasOwn(tells, key) && tells[key]?.(value) === true);

/** A schema with a type of its own: what the entries of `properties` look like. */
const isNamedSchema = (value: Json): boolean =>
  isObject(value) && value.type !== undefined && types.includes(value.type) && isSchema(value);

function isSchemaList(value: Json): boolean {
  return isList(value) && value.every(isSchemaLike);
}

const isSchemaLike = (value: Json): boolean => isObject(value) || typeof value === 'boolean';

const isList = (value: Json): value is Json[] => Array.isArray(value) && value.length > 0;

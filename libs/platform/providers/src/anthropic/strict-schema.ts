import type { Json, JsonObject } from '@headrace/contracts';
import { isObject, objectIn } from '../chat/json.js';
import { narrowedSchema, type SchemaDialect } from '../chat/narrowed-schema.js';

/** What `output_config.format` knows; it refuses a schema that says more. */
const dialect: SchemaDialect = {
  keywords: new Set([
    'type',
    'properties',
    'required',
    'items',
    'additionalProperties',
    '$ref',
    '$defs',
    'definitions',
    'anyOf',
    'enum',
    'const',
    'default',
    'title',
    'description',
    'format',
  ]),
  spell: (schema) => {
    const closed = schema.type === 'object' || isObject(schema.properties);
    const { format, ...rest } = schema;
    return {
      ...rest,
      ...(typeof format === 'string' && formats.has(format) ? { format } : {}),
      ...(closed ? { additionalProperties: false } : {}),
    };
  },
};

const formats = new Set(['date-time', 'time', 'date', 'duration', 'email', 'hostname', 'uri', 'ipv4', 'ipv6', 'uuid']);

/**
 * A schema as `output_config.format` takes it: objects are closed. Undefined where that would take away what the
 * schema is for (maps, free objects, recursion, …): such a schema goes as a tool.
 */
export function strictSchema(schema: JsonObject): JsonObject | undefined {
  if (schema.type !== 'object' || !canBeStrict(schema, { root: schema, open: new Set(), done: new Set() }))
    return undefined;
  const { optional, unions } = choicesIn(schema);
  return optional <= mostOptional && unions <= mostUnions ? narrowedSchema(schema, dialect) : undefined;
}

/** Properties that may be left out, and places where one of several schemas or types is chosen: the API has limits. */
const mostOptional = 24;
const mostUnions = 16;

function choicesIn(schema: JsonObject): { readonly optional: number; readonly unions: number } {
  const properties = Object.values(objectIn(schema.properties));
  const required = Array.isArray(schema.required) ? schema.required.length : 0;
  const definitions = [schema.$defs, schema.definitions].flatMap((group) => Object.values(objectIn(group)));
  const branches = Array.isArray(schema.anyOf) ? schema.anyOf : [];
  const inner = [...properties, ...definitions, ...branches, schema.items].filter(isObject).map(choicesIn);
  const isUnion = branches.length > 0 || Array.isArray(schema.type);
  return {
    optional: inner.reduce((sum, { optional }) => sum + optional, Math.max(0, properties.length - required)),
    unions: inner.reduce((sum, { unions }) => sum + unions, isUnion ? 1 : 0),
  };
}

/** A walk through a schema. */
interface Walk {
  readonly root: JsonObject;
  /** The references that are being looked into. */
  readonly open: ReadonlySet<string>;
  /** Those that were looked into and are good: each is once, however often it is referred to. */
  readonly done: Set<string>;
}

function canBeStrict(schema: Json, walk: Walk): boolean {
  if (!isObject(schema) || impossible.some((keyword) => Object.hasOwn(schema, keyword))) return false;
  if (typeof schema.$ref === 'string') return refCanBeStrict(schema.$ref, walk);
  if (Array.isArray(schema.anyOf)) return schema.anyOf.every((one) => canBeStrict(one, walk));
  if (Array.isArray(schema.enum)) return !schema.enum.some((value) => typeof value === 'object' && value !== null);
  if (schema.const !== undefined) return typeof schema.const !== 'object' || schema.const === null;
  const types = [schema.type].flat();
  if (types.includes('object')) {
    const { properties, additionalProperties = false } = schema;
    return (
      additionalProperties === false &&
      isObject(properties) &&
      Object.values(properties).every((property) => canBeStrict(property, walk))
    );
  }
  if (types.includes('array')) return canBeStrict(schema.items ?? null, walk);
  return typeof types[0] === 'string';
}

/** They change what fits so much that a schema without them is another one, or they are refused. */
const impossible = ['allOf', 'oneOf', 'not', 'if', 'patternProperties', 'prefixItems', '$dynamicRef', '$anchor'];

function refCanBeStrict(ref: string, { root, open, done }: Walk): boolean {
  if (done.has(ref)) return true;
  const [, group, name] = /^#\/(\$defs|definitions)\/([\w.-]+)$/.exec(ref) ?? [];
  if (group === undefined || name === undefined || open.has(ref)) return false;
  const target = objectIn(root[group])[name] ?? null;
  const isGood = canBeStrict(target, { root, open: new Set([...open, ref]), done });
  if (isGood) done.add(ref);
  return isGood;
}

import type { Json, JsonObject } from '@headrace/contracts';
import { isObject, text } from '../chat/json.js';
import { narrowedSchema, type SchemaDialect } from '../chat/narrowed-schema.js';

/** What `responseJsonSchema` and `parametersJsonSchema` know, as the API's reference lists it. */
const dialect: SchemaDialect = {
  keywords: new Set([
    ...['$defs', 'definitions', '$ref', '$anchor', 'type', 'format', 'title', 'description', 'enum', 'const'],
    ...['items', 'prefixItems', 'minItems', 'maxItems', 'minimum', 'maximum', 'anyOf', 'oneOf'],
    ...['properties', 'additionalProperties', 'required', 'propertyOrdering'],
  ]),
  spell: (schema) => withKnownValues(withKnownReferences(schema)),
};

/** A schema as Gemini takes it. */
export const geminiSchema = (schema: JsonObject): JsonObject => narrowedSchema(schema, dialect);

/**
 * Whether an answer can be held to a schema: its references lead to definitions, and none leads back to where it
 * stands, which the API follows a few steps only.
 */
export const canBeHeldTo = (schema: JsonObject): boolean =>
  isFinite(schema, { root: schema, open: new Set(), done: new Set() });

/** A walk through a schema. */
interface Walk {
  readonly root: JsonObject;
  /** The references that are being looked into. */
  readonly open: ReadonlySet<string>;
  /** Those that were looked into and are good: each is once, however often it is referred to. */
  readonly done: Set<string>;
}

function isFinite(value: Json, walk: Walk): boolean {
  if (Array.isArray(value)) return value.every((one) => isFinite(one, walk));
  if (!isObject(value)) return true;
  const ref = text(value.$ref);
  if (ref !== undefined) return isFiniteReference(ref, walk);
  return Object.entries(value)
    .filter(([keyword]) => keyword !== '$defs' && keyword !== 'definitions')
    .every(([, inner]) => isFinite(inner, walk));
}

function isFiniteReference(ref: string, { root, open, done }: Walk): boolean {
  if (done.has(ref)) return true;
  const [, group = '', name = ''] = /^#\/(\$defs|definitions)\/([\w.-]+)$/.exec(ref) ?? [];
  const target = membersOf(root[group])[name];
  const isGood =
    target !== undefined && !open.has(ref) && isFinite(target, { root, open: new Set([...open, ref]), done });
  if (isGood) done.add(ref);
  return isGood;
}

/** References are into `$defs`, and nothing else stands beside one. */
function withKnownReferences({ definitions, ...schema }: JsonObject): JsonObject {
  const all = {
    ...schema,
    ...(isObject(definitions) ? { $defs: { ...definitions, ...membersOf(schema.$defs) } } : {}),
  };
  const ref = text(schema.$ref);
  if (ref === undefined) return all;
  const own = Object.entries(all).filter(([keyword]) => keyword.startsWith('$'));
  return { ...Object.fromEntries(own), $ref: ref.replace(/^#\/definitions\//, '#/$defs/') };
}

const membersOf = (value: Json | undefined): JsonObject => (isObject(value) ? value : {});

const formats = new Set(['date-time', 'date', 'time']);

/** Fixed values are texts or numbers of an `enum`; what cannot be said so is told in the description. */
function withKnownValues({ const: only, enum: listed, format, ...schema }: JsonObject): JsonObject {
  const values = Array.isArray(listed) ? listed : only === undefined ? undefined : [only];
  const known = values?.filter((value) => typeof value === 'string' || typeof value === 'number') ?? [];
  const told = [
    ...(values && known.length < values.length ? [`one of ${JSON.stringify(values)}`] : []),
    ...(typeof format === 'string' && !formats.has(format) ? [`format: ${format}`] : []),
  ];
  const note = told.length === 0 ? '' : `(${told.join(', ')})`;
  return {
    ...schema,
    ...(known.length > 0 ? { enum: known } : {}),
    ...(typeof format === 'string' && formats.has(format) ? { format } : {}),
    ...(note === '' ? {} : { description: [text(schema.description), note].filter(Boolean).join(' ') }),
  };
}

import type { Json, JsonObject } from '@headrace/contracts';
import { guardedPattern, type Pattern } from '../schema/guarded-pattern.js';
import { isObject } from '../chat/json.js';
import { asSchema, asSchemas, NoInstance, type Schema } from './instance-context.js';

type Merge = (left: Json, right: Json) => Json;

const both: Merge = (left, right) => ({ allOf: [left, right] });
const larger: Merge = (left, right) => Math.max(Number(left), Number(right));
const smaller: Merge = (left, right) => Math.min(Number(left), Number(right));
const union: Merge = (left, right) => [...new Set([...(left as Json[]), ...(right as Json[])])];
const eachKey =
  (merge: Merge): Merge =>
  (left, right) => {
    const merged = new Map(Object.entries(left as JsonObject));
    for (const [key, value] of Object.entries(right as JsonObject)) {
      const present = merged.get(key);
      merged.set(key, present === undefined ? value : merge(present, value));
    }
    return Object.fromEntries(merged);
  };

/** How two values of one keyword become the one that means both; of the others the second is taken. */
const merges: Readonly<Record<string, Merge>> = {
  type: commonTypes,
  enum: (left, right) => {
    const allowed = new Set((right as Json[]).map((value) => JSON.stringify(value)));
    return (left as Json[]).filter((value) => allowed.has(JSON.stringify(value)));
  },
  minimum: larger,
  exclusiveMinimum: larger,
  minLength: larger,
  minItems: larger,
  minProperties: larger,
  maximum: smaller,
  exclusiveMaximum: smaller,
  maxLength: smaller,
  maxItems: smaller,
  maxProperties: smaller,
  multipleOf: leastCommonMultiple,
  required: union,
  properties: eachKey(both),
  patternProperties: eachKey(both),
  dependentRequired: eachKey(union),
  dependentSchemas: eachKey(both),
  prefixItems: (left, right) => {
    const [long, short] = [asSchemas(left), asSchemas(right)].sort((a, b) => b.length - a.length) as [
      Schema[],
      Schema[],
    ];
    return long.map((schema, index) => (short[index] === undefined ? schema : both(schema, short[index])));
  },
  items: both,
  additionalProperties: both,
  propertyNames: both,
  uniqueItems: (left, right) => left === true || right === true,
  not: (left, right) => ({ anyOf: [left, right] }),
};

/** One schema without combinators that means both of two such schemas. Throws `NoInstance` when nothing fits both. */
export function mergeSchemas(left: JsonObject, right: JsonObject): JsonObject {
  if (Object.keys(left).length === 0) return right;
  const merged: JsonObject = { ...left };
  for (const [keyword, value] of Object.entries(right)) {
    const present = merged[keyword];
    merged[keyword] = present === undefined ? value : mergeKeyword(keyword, present, value);
  }
  const properties = { ...foreign(left, right), ...foreign(right, left) };
  if (Object.keys(properties).length > 0) {
    merged.properties = { ...(merged.properties as JsonObject | undefined), ...properties };
  }
  return merged;
}

function mergeKeyword(keyword: string, left: Json, right: Json): Json {
  const merge = Object.hasOwn(merges, keyword) ? merges[keyword] : undefined;
  return merge ? merge(left, right) : right;
}

/** Properties that only `owner` names, under what `other` says of properties that it does not name. */
function foreign(owner: JsonObject, other: JsonObject): JsonObject {
  const rest = asSchema(other.additionalProperties);
  if (rest === undefined || rest === true || !isObject(owner.properties)) return {};
  const named = isObject(other.properties) ? other.properties : {};
  const patterns = isObject(other.patternProperties) ? Object.keys(other.patternProperties) : [];
  return Object.fromEntries(
    Object.entries(owner.properties)
      .filter(([name]) => !Object.hasOwn(named, name) && !patterns.some((pattern) => matches(pattern, name)))
      .map(([name, schema]) => [name, rest === false ? false : both(schema, rest)]),
  );
}

/** Patterns that were asked for lately: one that used up its time once gets less the next time. */
const known = new Map<string, Pattern>();
const mostKnown = 100;

/** Whether a name falls under a pattern; one that is no pattern matches nothing. */
export function matches(source: string, name: string): boolean {
  try {
    const pattern = known.get(source) ?? guardedPattern(source);
    if (known.size >= mostKnown) known.clear();
    known.set(source, pattern);
    return pattern.test(name);
  } catch {
    return false;
  }
}

function commonTypes(left: Json, right: Json): Json {
  const [ours, theirs] = [[left].flat(), [right].flat()] as [Json[], Json[]];
  const common = ours.flatMap((type) => {
    if (theirs.includes(type)) return [type];
    if (type === 'number' && theirs.includes('integer')) return ['integer'];
    return type === 'integer' && theirs.includes('number') ? ['integer'] : [];
  });
  if (common.length === 0) throw new NoInstance('Two parts of the schema ask for different types.');
  return common;
}

function leastCommonMultiple(left: Json, right: Json): Json {
  const [a, b] = [Number(left), Number(right)];
  if (!Number.isInteger(a) || !Number.isInteger(b)) return Math.max(a, b);
  let [larger, smaller] = [a, b];
  while (smaller !== 0) [larger, smaller] = [smaller, larger % smaller];
  return (a / larger) * b;
}

import type { Json, JsonObject } from '@headrace/contracts';
import {
  asNumber,
  asSchema,
  asSchemas,
  NoInstance,
  shallow,
  type InstanceContext,
  type Schema,
} from './instance-context.js';

/** A list for a flat schema. Throws `NoInstance` when there is none. */
export function generateArray(schema: JsonObject, context: InstanceContext, depth: number): Json[] {
  const { prefix, rest } = layoutOf(schema);
  const least = asNumber(schema.minItems) ?? 0;
  const most = Math.min(asNumber(schema.maxItems) ?? Infinity, rest === false ? prefix.length : Infinity);
  const contained = asSchema(schema.contains);
  const wanted = contained === undefined ? 0 : (asNumber(schema.minContains) ?? 1);
  if (Math.max(least, wanted) > most) throw new NoInstance('No list is long and short enough for the schema.');
  context.budget.spend(least + wanted);
  const usual = depth < shallow ? Math.max(prefix.length, context.random.integer(1, 3)) : 0;
  const length = Math.min(Math.max(usual, least, wanted), most);
  const values: Json[] = [];
  for (let index = 0; index < length; index += 1) {
    const own = prefix[index] ?? rest;
    // What must be contained comes last, where a prefix is least in its way.
    const element = contained !== undefined && index >= length - wanted ? { allOf: [own, contained] } : own;
    const value = nextValue(element, values, schema.uniqueItems === true, context, depth);
    if (value === undefined) {
      if (values.length >= least && values.length >= wanted) break;
      throw new NoInstance('The schema asks for more different elements than could be made up.');
    }
    values.push(value);
  }
  return values;
}

/** Both ways of writing tuples: `prefixItems` and `items`, or a list under `items` and `additionalItems`. */
function layoutOf({ prefixItems, items, additionalItems }: JsonObject): { prefix: Schema[]; rest: Schema } {
  if (Array.isArray(items)) return { prefix: asSchemas(items), rest: asSchema(additionalItems) ?? true };
  return { prefix: asSchemas(prefixItems), rest: asSchema(items) ?? true };
}

function nextValue(
  schema: Schema,
  before: readonly Json[],
  unique: boolean,
  { generate }: InstanceContext,
  depth: number,
): Json | undefined {
  if (!unique) return generate(schema, depth + 1);
  const taken = new Set(before.map((value) => JSON.stringify(value)));
  for (let tries = 0; tries < 20; tries += 1) {
    const value = generate(schema, depth + 1);
    if (!taken.has(JSON.stringify(value))) return value;
  }
  return undefined;
}

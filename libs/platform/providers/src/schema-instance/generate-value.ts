import type { Json, JsonObject } from '@headrace/contracts';
import { flattenSchema } from './flatten-schema.js';
import { generateArray } from './generate-array.js';
import { generateNumber } from './generate-number.js';
import { generateObject } from './generate-object.js';
import { generateString } from './generate-string.js';
import { NoInstance, shallow, type Budget, type InstanceContext, type Schema } from './instance-context.js';
import { Random } from './random.js';

/** Keywords that tell a type which the schema leaves out. */
const hints: readonly [type: string, keywords: readonly string[]][] = [
  ['object', ['properties', 'required', 'additionalProperties', 'patternProperties', 'minProperties', 'propertyNames']],
  ['array', ['items', 'prefixItems', 'minItems', 'contains', 'uniqueItems']],
  ['number', ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf']],
];

/** One value that probably fits a schema. Throws `NoInstance`. */
export function generateValue(root: JsonObject, seed: number, attempt: number, budget: Budget): Json {
  const context: InstanceContext = {
    root,
    random: new Random(seed + attempt * 7_919),
    attempt,
    budget,
    generate: (schema, depth) => valueOf(schema, context, depth),
  };
  return context.generate(root, 0);
}

function valueOf(schema: Schema, context: InstanceContext, depth: number): Json {
  context.budget.spend(1);
  if (depth > shallow * 8) throw new NoInstance('The schema has no end.');
  const flat = flattenSchema(schema, context, depth);
  const type = typeOf(flat, context, depth);
  if (Array.isArray(flat.enum)) return listed(flat.enum, flat, context);
  switch (type) {
    case 'object':
      return generateObject(flat, context, depth);
    case 'array':
      return generateArray(flat, context, depth);
    case 'integer':
      return generateNumber(flat, true, context.random);
    case 'number':
      return generateNumber(flat, false, context.random);
    case 'boolean':
      return context.random.fraction() < 0.5;
    case 'null':
      return null;
    default:
      return generateString(flat, context);
  }
}

/** Of several types the first that says something; deep down one that does not go deeper, null if it may be. */
function typeOf(flat: JsonObject, { random, attempt }: InstanceContext, depth: number): string {
  const types = [flat.type ?? []].flat().filter((type) => typeof type === 'string');
  if (depth >= shallow && types.includes('null')) return 'null';
  const telling = types.filter((type) => type !== 'null');
  if (attempt > 0 && types.length > 1) return random.pick(types);
  return telling[0] ?? types[0] ?? hints.find(([, keywords]) => keywords.some((name) => name in flat))?.[0] ?? 'string';
}

/** One of the values that a schema lists, of the right type. */
function listed(values: readonly Json[], flat: JsonObject, { random }: InstanceContext): Json {
  const types = flat.type === undefined ? undefined : [flat.type].flat();
  const possible = types ? values.filter((value) => types.some((type) => isOfType(value, type))) : values;
  if (possible.length === 0) throw new NoInstance('None of the listed values is of the right type.');
  return random.pick(possible);
}

function isOfType(value: Json, type: Json): boolean {
  if (value === null) return type === 'null';
  if (Array.isArray(value)) return type === 'array';
  if (typeof value === 'number') return type === 'number' || (type === 'integer' && Number.isInteger(value));
  return typeof value === type;
}

import type { Json, JsonObject } from '@headrace/contracts';
import { flattenSchema } from './flatten-schema.js';
import { isObject } from '../chat/json.js';
import {
  asNames,
  asNumber,
  asSchema,
  NoInstance,
  shallow,
  type InstanceContext,
  type Schema,
} from './instance-context.js';
import { matches, mergeSchemas } from './merge-schemas.js';
import { patternText } from './pattern-text.js';

/** An object for a flat schema. Throws `NoInstance` when there is none. */
export function generateObject(flat: JsonObject, context: InstanceContext, depth: number): JsonObject {
  const schema = withDependents(flat, context, depth);
  const names = namesOf(schema, context, depth);
  addNames(names, asNumber(schema.minProperties) ?? 0, schema, context, depth);
  context.budget.spend(names.size);
  return Object.fromEntries([...names].map((name) => [name, context.generate(schemaOf(name, schema), depth + 1)]));
}

/** With everything that the presence of a property asks for; the properties that are likely to be made count. */
function withDependents(schema: JsonObject, context: InstanceContext, depth: number): JsonObject {
  let merged = schema;
  const conditional = { ...asObject(schema.dependencies), ...asObject(schema.dependentSchemas) };
  for (const [name, dependent] of Object.entries(conditional)) {
    const part = asSchema(dependent);
    if (part !== undefined && isWanted(name, schema, depth)) {
      merged = mergeSchemas(merged, flattenSchema(part, context, depth));
    }
  }
  return merged;
}

const isWanted = (name: string, schema: JsonObject, depth: number): boolean =>
  asNames(schema.required).includes(name) || (depth < shallow && name in asObject(schema.properties));

/** What is required, and as much of the rest as there is room for. */
function namesOf(schema: JsonObject, { random, attempt }: InstanceContext, depth: number): Set<string> {
  const names = new Set(asNames(schema.required));
  const most = asNumber(schema.maxProperties) ?? Infinity;
  for (const [name, property] of Object.entries(asObject(schema.properties))) {
    // Later tries leave things out: an optional property may be what does not fit.
    const isLeftOut = depth >= shallow || property === false || (attempt > 0 && random.fraction() < 0.3);
    if (!isLeftOut && names.size < most) names.add(name);
  }
  const required = { ...asObject(schema.dependencies), ...asObject(schema.dependentRequired) };
  for (const name of names) for (const dependent of asNames(required[name])) names.add(dependent);
  return names;
}

function addNames(
  names: Set<string>,
  least: number,
  schema: JsonObject,
  context: InstanceContext,
  depth: number,
): void {
  const declared = Object.keys(asObject(schema.properties));
  context.budget.spend(least);
  for (let tries = 0; names.size < least; tries += 1) {
    if (tries > least * 5 + 20) throw new NoInstance('The schema asks for more properties than could be made up.');
    const name = declared[tries] ?? madeUpName(schema, tries, context, depth);
    if (schemaOf(name, schema) !== false) names.add(name);
  }
}

function madeUpName(schema: JsonObject, number: number, context: InstanceContext, depth: number): string {
  const allowed = asSchema(schema.propertyNames);
  if (allowed !== undefined) {
    const name = context.generate({ allOf: [allowed, { type: 'string' }] }, depth + 1);
    return typeof name === 'string' ? name : JSON.stringify(name);
  }
  const [pattern] = Object.keys(asObject(schema.patternProperties));
  if (pattern !== undefined) return patternText(pattern, context.random, 4 + number, context.budget);
  return `extra_${number + 1}`;
}

/** What a property's value must fit: all that speaks of its name. */
function schemaOf(name: string, schema: JsonObject): Schema {
  const properties = asObject(schema.properties);
  const parts: Schema[] = Object.hasOwn(properties, name) ? [asSchema(properties[name]) ?? true] : [];
  for (const [pattern, part] of Object.entries(asObject(schema.patternProperties))) {
    if (matches(pattern, name)) parts.push(asSchema(part) ?? true);
  }
  if (parts.length === 0) return asSchema(schema.additionalProperties) ?? true;
  return parts.length === 1 ? (parts[0] as Schema) : { allOf: parts };
}

const asObject = (value: Json | undefined): JsonObject => (isObject(value) ? value : {});

import type { Json, JsonObject } from '@headrace/contracts';
import { isObject } from '../chat/json.js';
import { asSchema, asSchemas, NoInstance, shallow, type InstanceContext, type Schema } from './instance-context.js';
import { mergeSchemas } from './merge-schemas.js';

const combinators: readonly string[] = ['$ref', 'allOf', 'anyOf', 'oneOf', 'if', 'then', 'else', 'const'];
const deepest = 64;

/**
 * A schema without references, combinators and conditions: references are followed, parts merged, and of
 * alternatives one is picked. What the pick breaks elsewhere is found when the value is checked.
 */
export function flattenSchema(schema: Schema, context: InstanceContext, depth: number, nesting = 0): JsonObject {
  if (schema === true) return {};
  if (schema === false || nesting > deepest) throw new NoInstance('A part of the schema accepts nothing.');
  context.budget.spend(1);
  const flatten = (part: Schema): JsonObject => flattenSchema(part, context, depth, nesting + 1);
  const own = Object.entries(schema).filter(([keyword]) => !combinators.includes(keyword));
  let flat: JsonObject = Object.fromEntries(own);
  if (schema.const !== undefined) flat = mergeSchemas(flat, { enum: [schema.const] });
  if (typeof schema.$ref === 'string') flat = mergeSchemas(flat, flatten(resolveReference(context.root, schema.$ref)));
  for (const part of asSchemas(schema.allOf)) flat = mergeSchemas(flat, flatten(part));
  for (const choices of [asSchemas(schema.anyOf), asSchemas(schema.oneOf), conditionOf(schema)]) {
    if (choices.length > 0) flat = mergeSchemas(flat, flatten(choose(choices, context, depth)));
  }
  return flat;
}

/** Deep down an alternative that does not go deeper is taken, so that recursive schemas come to an end. */
function choose(choices: readonly Schema[], { random }: InstanceContext, depth: number): Schema {
  const possible = choices.filter((choice) => choice !== false);
  const leaves = depth < shallow ? [] : possible.filter(isLeaf);
  const candidates = leaves.length > 0 ? leaves : possible;
  if (candidates.length === 0) throw new NoInstance('None of the alternatives of the schema accepts anything.');
  return random.pick(candidates);
}

const isLeaf = (schema: Schema): boolean =>
  schema === true || (isObject(schema) && !('$ref' in schema) && !('properties' in schema) && !('items' in schema));

function conditionOf(schema: JsonObject): Schema[] {
  const condition = asSchema(schema.if);
  if (condition === undefined) return [];
  return [{ allOf: [condition, asSchema(schema.then) ?? true] }, asSchema(schema.else) ?? true];
}

function resolveReference(root: JsonObject, reference: string): Schema {
  const target = reference.startsWith('#') ? atFragment(root, decodeURIComponent(reference.slice(1))) : undefined;
  if (target === undefined) throw new NoInstance(`The schema has no ${reference}.`);
  return target;
}

function atFragment(root: JsonObject, fragment: string): Schema | undefined {
  if (fragment !== '' && !fragment.startsWith('/')) return atAnchor(root, fragment);
  let current: Json | undefined = root;
  for (const step of fragment.split('/').slice(1)) {
    const key = step.replaceAll('~1', '/').replaceAll('~0', '~');
    if (Array.isArray(current)) current = current[Number(key)];
    else current = isObject(current) && Object.hasOwn(current, key) ? current[key] : undefined;
  }
  return asSchema(current);
}

function atAnchor(value: Json, anchor: string): Schema | undefined {
  if (isObject(value) && (value.$anchor === anchor || value.$id === `#${anchor}`)) return value;
  for (const part of typeof value === 'object' && value !== null ? Object.values(value) : []) {
    const found = atAnchor(part, anchor);
    if (found !== undefined) return found;
  }
  return undefined;
}

import type { Json, JsonObject } from '@headrace/contracts';
import { UnusableSchema } from '../schema/compiled-schema.js';
import { addToShape, emptyShape, type Shape } from './example-shape.js';
import { isDeeperThan } from './json-depth.js';

/** Deeper than any answer that is asked of a model, and far from what the stack can take. */
const deepest = 50;

/**
 * The JSON Schema of which an object is an example; the example itself always fits.
 *
 * A value stands for its type, whatever it says: text is `string`, a number is `number` (a 0 may stand for a price),
 * null is text or null. All keys of an object are required and no others allowed, where the example is not `{}`. The
 * entries of a list are taken together: what they differ in is allowed, keys that not all of them have are optional;
 * of an empty list nothing is known. Throws `UnusableSchema` for one that is nested too deeply.
 */
export function schemaFromExample(example: JsonObject): JsonObject {
  if (isDeeperThan(deepest, example)) {
    throw new UnusableSchema(`The example is nested more than ${deepest} levels deep.`);
  }
  const shape = emptyShape();
  addToShape(shape, example);
  return schemaOf(shape);
}

function schemaOf({ scalars, object, list }: Shape): JsonObject {
  const schemas: JsonObject[] = [];
  if (object) schemas.push(objectSchema(object));
  if (list) schemas.push({ type: 'array', ...(list.entries && { items: schemaOf(list.entries) }) });
  const [only] = schemas;
  if (!only) return { type: typeOf([...scalars]) };
  if (scalars.size === 0 && schemas.length === 1) return only;
  return { anyOf: [...schemas, ...(scalars.size > 0 ? [{ type: oneOrList([...scalars]) }] : [])] };
}

/** Null alone does not say what else there may be: text can hold anything. */
const typeOf = (scalars: readonly string[]): Json =>
  scalars.length === 1 && scalars[0] === 'null' ? ['string', 'null'] : oneOrList(scalars);

const oneOrList = (names: readonly string[]): Json => (names.length === 1 ? (names[0] ?? '') : [...names]);

function objectSchema({ properties, required }: NonNullable<Shape['object']>): JsonObject {
  if (properties.size === 0) return { type: 'object' };
  // Validators leave this key out of `properties`, so it must not be forbidden by being none of them.
  const isOpen = properties.has('__proto__');
  const named = [...properties].filter(([key]) => key !== '__proto__');
  return {
    type: 'object',
    // What every object inherits is there for validators even where it is left out.
    properties: Object.fromEntries(named.map(([key, shape]) => [key, key in Object.prototype ? {} : schemaOf(shape)])),
    required: required.filter((key) => key !== '__proto__'),
    ...(isOpen ? {} : { additionalProperties: false }),
  };
}

import type { Json, JsonObject } from '@headrace/contracts';

type Scalar = 'string' | 'number' | 'boolean' | 'null';

/** Which kinds of values were seen at one place of an example. */
export interface Shape {
  readonly scalars: Set<Scalar>;
  object: ObjectShape | null;
  list: ListShape | null;
}

interface ObjectShape {
  readonly properties: Map<string, Shape>;
  /** Those that all of the objects had. */
  required: readonly string[];
}

interface ListShape {
  /** Of all entries together; null while every list was empty. */
  entries: Shape | null;
}

export const emptyShape = (): Shape => ({ scalars: new Set(), object: null, list: null });

/** Takes one more value into a shape. The depth of `value` has been checked. */
export function addToShape(shape: Shape, value: Json): void {
  if (Array.isArray(value)) addList((shape.list ??= { entries: null }), value);
  else if (typeof value === 'object' && value !== null) addObject(shape, value);
  else shape.scalars.add(value === null ? 'null' : scalarOf(value));
}

function addList(list: ListShape, values: readonly Json[]): void {
  for (const value of values) addToShape((list.entries ??= emptyShape()), value);
}

function addObject(shape: Shape, value: JsonObject): void {
  const keys = Object.keys(value);
  const known = shape.object;
  const object = (shape.object ??= { properties: new Map<string, Shape>(), required: keys });
  if (known) object.required = known.required.filter((key) => Object.hasOwn(value, key));
  for (const [key, entry] of Object.entries(value)) {
    const property = object.properties.get(key) ?? emptyShape();
    object.properties.set(key, property);
    addToShape(property, entry);
  }
}

function scalarOf(value: string | number | boolean): Scalar {
  switch (typeof value) {
    case 'string':
      return 'string';
    case 'number':
      return 'number';
    default:
      return 'boolean';
  }
}

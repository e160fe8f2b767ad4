import { isJsonObject, type Json, type JsonObject } from '@headrace/contracts';

/** A schema inside a schema, and the JSON Pointer to it. */
export interface SchemaPlace {
  readonly schema: JsonObject;
  readonly pointer: string;
}

/** Keywords whose value is schemas under names of the author's. */
const named = new Set(['properties', 'patternProperties', '$defs', 'definitions', 'dependentSchemas', 'dependencies']);
/** Keywords whose value is a schema or a list of them. */
const direct = new Set(
  (
    'items prefixItems additionalItems unevaluatedItems contains additionalProperties unevaluatedProperties ' +
    'propertyNames anyOf oneOf allOf not if then else contentSchema'
  ).split(' '),
);

/** A schema and all that are in it. Values that are data (`enum`, `default`, …) are not looked into. */
export function schemaPlaces(root: JsonObject): SchemaPlace[] {
  const found: SchemaPlace[] = [];
  const waiting: SchemaPlace[] = [{ schema: root, pointer: '' }];
  for (let place = waiting.pop(); place; place = waiting.pop()) {
    found.push(place);
    for (const [keyword, value] of Object.entries(place.schema)) {
      for (const [step, schema] of inner(keyword, value)) {
        if (isJsonObject(schema)) waiting.push({ schema, pointer: `${place.pointer}/${escaped(keyword)}${step}` });
      }
    }
  }
  return found;
}

function inner(keyword: string, value: Json): [string, Json][] {
  if (Array.isArray(value)) return direct.has(keyword) ? value.map((entry, index) => [`/${index}`, entry]) : [];
  if (direct.has(keyword)) return [['', value]];
  if (!named.has(keyword) || !isJsonObject(value)) return [];
  return Object.entries(value).map(([name, entry]) => [`/${escaped(name)}`, entry]);
}

/** The keyword of the schema that a JSON Pointer leads into: `minimum` for `/properties/age/minimum`. */
export function keywordAt(pointer: string): string | undefined {
  let keyword: string | undefined;
  let skips = 0;
  for (const step of pointer.split('/').slice(1).map(unescaped)) {
    if (skips > 0) skips -= 1;
    else if (keyword === undefined || !/^\d+$/.test(step)) {
      keyword = step;
      skips = named.has(step) ? 1 : 0;
    }
  }
  return keyword;
}

/** What a local reference (`#/$defs/a`, `#`) leads to; undefined when to nothing. */
export function valueAt(root: JsonObject, pointer: string): Json | undefined {
  let current: Json | undefined = root;
  for (const step of pointer.split('/').slice(1).map(unescaped)) {
    const holder: Json | undefined = current;
    if (typeof holder !== 'object' || holder === null || !Object.hasOwn(holder, step)) return undefined;
    current = (holder as JsonObject)[step];
  }
  return current;
}

const escaped = (step: string): string => step.replaceAll('~', '~0').replaceAll('/', '~1');
const unescaped = (step: string): string => step.replaceAll('~1', '/').replaceAll('~0', '~');

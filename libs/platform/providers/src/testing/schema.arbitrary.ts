import type { Json, JsonObject } from '@headrace/contracts';
import fc from 'fast-check';

/** Values that ajv can compare: it calls `toString` and `valueOf` of objects, which such a key would hide. */
const comparableJson = fc
  .jsonValue({ maxDepth: 1 })
  .filter((value) => !/"(?:toString|valueOf)":/.test(JSON.stringify(value)));

const names = fc.constantFrom('id', 'name', 'items', 'total', 'nested', 'flag');

/** A lower and an upper limit that leave room, each perhaps left out. */
function limits(low: string, high: string, most: number): fc.Arbitrary<JsonObject> {
  return fc.tuple(fc.nat(most), fc.nat(most), fc.boolean(), fc.boolean()).map(([from, width, hasLow, hasHigh]) => ({
    ...(hasLow ? { [low]: from } : {}),
    ...(hasHigh ? { [high]: from + width } : {}),
  }));
}

const text = fc.oneof(
  limits('minLength', 'maxLength', 20).map((range) => ({ type: 'string', ...range })),
  fc
    .constantFrom('date-time', 'date', 'email', 'uuid', 'uri', 'ipv4', 'hostname')
    .map((format) => ({ type: 'string', format })),
  fc.constantFrom('^[a-z]{2,8}$', '^\\d+$', '^(on|off)$', '[A-F]{4}').map((pattern) => ({ type: 'string', pattern })),
);

const number = fc
  .tuple(fc.constantFrom('integer', 'number'), limits('minimum', 'maximum', 1_000), fc.boolean())
  .map(([type, range, even]) => ({ type, ...range, ...(even && !('maximum' in range) ? { multipleOf: 2 } : {}) }));

const scalar: fc.Arbitrary<JsonObject> = fc.oneof<fc.Arbitrary<JsonObject>[]>(
  text,
  number,
  fc.constant({ type: 'boolean' }),
  fc.constant({ type: 'null' }),
  fc
    .uniqueArray(comparableJson, {
      minLength: 1,
      maxLength: 4,
      selector: (value) => JSON.stringify(value),
    })
    .map((values) => ({ enum: values as Json[] })),
  comparableJson.map((value) => ({ const: value as Json })),
  fc.constant({ type: ['string', 'null'] }),
  fc.constant({}),
);

/** Any JSON Schema of the usual keywords that some value fits. */
export const aSchema: fc.Arbitrary<JsonObject> = fc
  .letrec<{ schema: JsonObject }>((tie) => ({
    schema: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      scalar,
      fc
        .tuple(fc.dictionary(names, tie('schema'), { maxKeys: 4 }), fc.infiniteStream(fc.boolean()), fc.boolean())
        .map(([properties, coins, closed]) => ({
          type: 'object',
          properties,
          required: Object.keys(properties).filter(() => coins.next().value),
          ...(closed ? { additionalProperties: false } : {}),
        })),
      fc
        .tuple(tie('schema'), limits('minItems', 'maxItems', 4))
        .map(([items, range]) => ({ type: 'array', items, ...range })),
      fc.array(tie('schema'), { minLength: 1, maxLength: 3 }).map((anyOf) => ({ anyOf })),
      tie('schema').map((part) => ({ allOf: [part, { description: 'as it is' }] })),
      tie('schema').map((part) => ({ $ref: '#/$defs/part', $defs: { part } })),
    ),
  }))
  .schema.map(rooted);

/** References are from the root: moves the definitions of inner schemas there, under names of their own. */
function rooted(schema: JsonObject): JsonObject {
  const definitions: JsonObject = {};
  const moved = move(schema, definitions) as JsonObject;
  return Object.keys(definitions).length > 0 ? { ...moved, $defs: definitions } : moved;
}

function move(value: Json, definitions: JsonObject): Json {
  if (Array.isArray(value)) return value.map((entry) => move(entry, definitions));
  if (typeof value !== 'object' || value === null) return value;
  const inner = value.$defs;
  if (value.$ref === '#/$defs/part' && typeof inner === 'object' && inner !== null && !Array.isArray(inner)) {
    const part = move(inner.part ?? {}, definitions);
    const name = `part${Object.keys(definitions).length}`;
    definitions[name] = part;
    return { $ref: `#/$defs/${name}` };
  }
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, move(entry, definitions)]));
}

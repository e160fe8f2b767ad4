import { describe, expect, it } from '@jest/globals';
import type { Json, JsonObject } from '@headrace/contracts';
import { SchemaCompiler, UnusableSchema } from '@headrace/providers';
import fc from 'fast-check';
import { jsonSchemaViolations } from './json-schema.rules.js';
import { schemaPlaces } from './schema-places.js';

const keywords =
  'type enum const required properties items prefixItems anyOf not $ref pattern minimum maxLength format id ' +
  'additionalProperties patternProperties dependentRequired $defs default uniqueItems contains if';

/** A schema of which one keyword has been given any value at all. */
const aDoubtfulSchema = fc
  .tuple(
    fc.constantFrom<JsonObject[]>(
      { type: 'object', properties: { a: { type: 'string' }, b: { items: { type: 'number' } } }, required: ['a'] },
      { anyOf: [{ type: 'string' }, { $ref: '#/$defs/part' }], $defs: { part: { enum: [1, 2] } } },
    ),
    fc.nat(9),
    fc.constantFrom(...keywords.split(' ')),
    fc.oneof(
      fc.jsonValue({ maxDepth: 2 }),
      fc.constantFrom('string', 'object', '#/$defs/part', '#', '(', {}, [], true, [{}], { a: {} }, ['a', 'a'], -1),
    ) as fc.Arbitrary<Json>,
  )
  .map(([base, place, keyword, value]) => {
    const schema = structuredClone(base);
    const places = schemaPlaces(schema);
    const at = places[place % places.length];
    if (at) at.schema[keyword] = value;
    return schema;
  });

describe('the rules of JSON Schemas', () => {
  it('agree with what can be compiled to check answers', () => {
    fc.assert(
      fc.property(aDoubtfulSchema, (schema) => {
        const isGood = jsonSchemaViolations(schema, 'schema').length === 0;
        if (isGood) expect(whyNot(schema)).toBeUndefined();
      }),
      { numRuns: 500 },
    );
  });
});

function whyNot(schema: JsonObject): string | undefined {
  try {
    new SchemaCompiler().compile(schema);
    return undefined;
  } catch (error) {
    if (error instanceof UnusableSchema) return error.message;
    throw error;
  }
}

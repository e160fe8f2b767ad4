import { describe, expect, it } from '@jest/globals';
import type { Json, JsonObject } from '@headrace/contracts';
import fc from 'fast-check';
import { SchemaCompiler } from '../schema/schema-compiler.js';
import { schemaFromExample } from './schema-from-example.js';

const compiler = new SchemaCompiler();

/** An object of any JSON, with keys that validators stumble over among them. */
const anExample = fc.dictionary(
  fc.oneof(fc.string(), fc.constantFrom('type', 'items', 'toString', 'constructor', '__proto__', 'a/b', '0')),
  fc.jsonValue({ maxDepth: 4 }),
  { noNullPrototype: true },
) as fc.Arbitrary<JsonObject>;

describe('the schema of an example', () => {
  it('has the types of the values, and wants all keys and no others', () => {
    const schema = schemaFromExample({ name: 'string', age: 0, tags: ['a'], ok: true, address: { city: 'Bern' } });
    expect(schema).toEqual({
      type: 'object',
      properties: {
        name: { type: 'string' },
        age: { type: 'number' },
        tags: { type: 'array', items: { type: 'string' } },
        ok: { type: 'boolean' },
        address: {
          type: 'object',
          properties: { city: { type: 'string' } },
          required: ['city'],
          additionalProperties: false,
        },
      },
      required: ['name', 'age', 'tags', 'ok', 'address'],
      additionalProperties: false,
    });
    const violations = (value: Json) => compiler.compile(schema).violations(value);
    expect(violations({ name: 'x', age: 1.5, tags: [], ok: false, address: { city: '' } })).toEqual([]);
    expect(violations({ name: 'x', age: 'old', tags: [], ok: false, address: {} })).toMatchObject([
      { path: '/age' },
      { path: '/address', message: expect.stringContaining('city') },
    ]);
  });

  it.each<[string, Json, JsonObject]>([
    ['null stands for text that may be missing', null, { type: ['string', 'null'] }],
    ['of an empty list nothing is known', [], { type: 'array' }],
    ['of an empty object nothing is known', {}, { type: 'object' }],
    [
      'entries of several types are all allowed',
      [1, 'a', null],
      { type: 'array', items: { type: ['number', 'string', 'null'] } },
    ],
    [
      'keys that not all entries have are optional',
      [{ a: 1 }, { a: 2, b: '' }],
      {
        type: 'array',
        items: {
          type: 'object',
          properties: { a: { type: 'number' }, b: { type: 'string' } },
          required: ['a'],
          additionalProperties: false,
        },
      },
    ],
    [
      'lists and values side by side are alternatives',
      [['a'], 1],
      { type: 'array', items: { anyOf: [{ type: 'array', items: { type: 'string' } }, { type: 'number' }] } },
    ],
  ])('says that %s', (_case, value, schema) => {
    expect(schemaFromExample({ value }).properties).toEqual({ value: schema });
  });

  it('always takes the example itself', () => {
    fc.assert(
      fc.property(anExample, (example) => {
        expect(compiler.compile(schemaFromExample(example)).violations(example)).toEqual([]);
      }),
    );
  });

  it('takes each of the objects that stand in one list', () => {
    fc.assert(
      fc.property(fc.array(anExample, { minLength: 1, maxLength: 4 }), (list) => {
        const schema = compiler.compile(schemaFromExample({ list }));
        for (const entry of list) expect(schema.violations({ list: [entry] })).toEqual([]);
      }),
    );
  });

  it('is not made of what is nested too deeply', () => {
    const nested = (levels: number): JsonObject => (levels === 0 ? {} : { a: nested(levels - 1) });
    expect(schemaFromExample(nested(50))).toBeDefined();
    expect(() => schemaFromExample(nested(51))).toThrow('more than 50 levels deep');
  });
});

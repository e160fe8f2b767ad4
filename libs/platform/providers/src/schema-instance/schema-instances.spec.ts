import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '@headrace/contracts';
import { cpuMsOf } from '@headrace/testing';
import fc from 'fast-check';
import { SchemaCompiler } from '../schema/schema-compiler.js';
import { aSchema } from '../testing/schema.arbitrary.js';
import { NoInstance } from './instance-context.js';
import { SchemaInstances } from './schema-instances.js';

const compiler = new SchemaCompiler();

/** Three different instances of a schema, each checked against it. */
function instancesOf(schema: JsonObject): unknown[] {
  const compiled = compiler.compile(schema);
  const instances = new SchemaInstances();
  return [0, 1, 2].map((seed) => {
    const { value, text } = instances.instanceOf(compiled, seed);
    expect(compiled.violations(JSON.parse(text))).toEqual([]);
    return value;
  });
}

describe('a schema instance', () => {
  it('fits whatever schema it was made for', () => {
    fc.assert(
      fc.property(aSchema, (schema) => {
        instancesOf(schema);
      }),
      { numRuns: 1_500 },
    );
  });

  it('is the same for the same schema and seed, and differs between seeds', () => {
    const schema: JsonObject = { type: 'object', properties: { name: { type: 'string' }, age: { type: 'integer' } } };
    expect(instancesOf(schema)).toEqual(instancesOf(schema));
    expect(new Set(instancesOf(schema).map((value) => JSON.stringify(value))).size).toBeGreaterThan(1);
  });

  it('has the optional properties too, so that it shows what the schema can hold', () => {
    const [value] = instancesOf({
      type: 'object',
      properties: { id: { type: 'string', format: 'uuid' }, tags: { type: 'array', items: { type: 'string' } } },
      required: ['id'],
    });
    expect(value).toEqual({ id: expect.any(String), tags: expect.arrayContaining([expect.any(String)]) });
  });

  it.each<[string, JsonObject]>([
    [
      'a recursive tree',
      {
        $ref: '#/$defs/node',
        $defs: {
          node: {
            type: 'object',
            properties: { name: { type: 'string' }, children: { type: 'array', items: { $ref: '#/$defs/node' } } },
            required: ['name', 'children'],
            additionalProperties: false,
          },
        },
      },
    ],
    [
      'a linked list that ends in null',
      {
        type: 'object',
        properties: { next: { anyOf: [{ $ref: '#' }, { type: 'null' }] } },
        required: ['next'],
      },
    ],
    [
      'definitions of an older draft',
      {
        $schema: 'http://json-schema.org/draft-07/schema#',
        definitions: {
          money: {
            type: 'object',
            required: ['amount'],
            properties: { amount: { type: 'number', exclusiveMinimum: 0 } },
          },
        },
        type: 'object',
        required: ['price'],
        properties: { price: { $ref: '#/definitions/money' } },
      },
    ],
    [
      'a tuple of an older draft',
      { type: 'array', items: [{ type: 'string' }, { type: 'integer' }], minItems: 2, additionalItems: false },
    ],
    ['a tuple', { type: 'array', prefixItems: [{ const: 'a' }, { type: 'boolean' }], items: false, minItems: 2 }],
    [
      'merged parts',
      {
        allOf: [
          { type: 'object', required: ['a'], properties: { a: { type: 'number', minimum: 5 } } },
          { required: ['b'], properties: { a: { type: 'integer', maximum: 6 }, b: { enum: ['x', 'y'] } } },
        ],
      },
    ],
    [
      'a closed part beside an open one',
      {
        allOf: [
          { type: 'object', properties: { a: { type: 'string' } }, additionalProperties: false },
          { properties: { b: { type: 'string' } } },
        ],
      },
    ],
    [
      'exclusive alternatives',
      {
        oneOf: [
          { type: 'object', required: ['kind'], properties: { kind: { const: 'card' } }, additionalProperties: false },
          {
            type: 'object',
            required: ['kind', 'iban'],
            properties: { kind: { const: 'bank' }, iban: { type: 'string', minLength: 15 } },
          },
        ],
      },
    ],
    [
      'a condition',
      {
        type: 'object',
        required: ['country', 'code'],
        properties: { country: { enum: ['DE', 'NL'] }, code: { type: 'string' } },
        if: { properties: { country: { const: 'DE' } } },
        then: { properties: { code: { pattern: '^[0-9]{5}$' } } },
        else: { properties: { code: { pattern: '^[0-9]{4} [A-Z]{2}$' } } },
      },
    ],
    ['what must not be', { type: 'integer', minimum: 1, maximum: 3, not: { const: 2 } }],
    [
      'dependent properties',
      {
        type: 'object',
        properties: { card: { type: 'string' } },
        dependentRequired: { card: ['address'] },
        dependentSchemas: { card: { properties: { cvc: { type: 'string', pattern: '^\\d{3}$' } }, required: ['cvc'] } },
      },
    ],
    [
      'names by pattern',
      {
        type: 'object',
        patternProperties: { '^x_[a-z]{3}$': { type: 'integer' } },
        additionalProperties: false,
        minProperties: 2,
      },
    ],
    [
      'names by rule',
      {
        type: 'object',
        propertyNames: { pattern: '^[a-z]{5}$' },
        additionalProperties: { type: 'boolean' },
        minProperties: 3,
      },
    ],
    [
      'what a list must contain',
      {
        type: 'array',
        items: { type: 'integer', minimum: 0, maximum: 99 },
        contains: { const: 42 },
        minItems: 4,
        uniqueItems: true,
      },
    ],
    [
      'a property named like a part of JavaScript',
      {
        type: 'object',
        required: ['__proto__', 'constructor', 'toString'],
        properties: { constructor: { type: 'integer' } },
      },
    ],
    ['a list of types', { type: ['null', 'integer'], minimum: 10 }],
    ['no type at all', { properties: { a: { minimum: 3 }, b: { items: { minLength: 4 } } }, required: ['a', 'b'] }],
    [
      'formats',
      {
        type: 'object',
        properties: Object.fromEntries(
          [
            'date-time',
            'date',
            'time',
            'duration',
            'email',
            'hostname',
            'ipv4',
            'ipv6',
            'uri',
            'uri-reference',
            'uri-template',
            'uuid',
            'regex',
            'json-pointer',
            'relative-json-pointer',
            'byte',
          ].map((format) => [format, { type: 'string', format }]),
        ),
      },
    ],
  ])('fits %s', (_name, schema) => {
    expect(instancesOf(schema)).toHaveLength(3);
  });

  it.each([
    '^[A-Z]{2}-\\d{4}$',
    '^(red|green|blue)$',
    '^\\+?[1-9]\\d{6,14}$',
    '^[^@\\s]+@[^@\\s]+\\.[a-z]{2,}$',
    'abc+',
    '^(?:a|b){3}$',
    '^[\\w.-]{3,}$',
    '^(?<year>\\d{4})/\\d\\d$',
    '^\\u0041{2}$',
    '^$',
    '^#[0-9a-fA-F]{6}$',
    '^.{3,5}$',
    '^a{0,}b?$',
  ])('matches the pattern %s', (pattern) => {
    instancesOf({ type: 'string', pattern });
  });

  it('has the length that is asked for beside a pattern', () => {
    instancesOf({ type: 'string', pattern: '^[a-z]+$', minLength: 20, maxLength: 30 });
    instancesOf({ type: 'string', pattern: '^[a-z]*$', maxLength: 1 });
    instancesOf({ type: 'string', pattern: 'x', minLength: 12 });
  });

  it.each<[string, JsonObject]>([
    ['two types at once', { allOf: [{ type: 'string' }, { type: 'integer' }] }],
    ['a range without numbers', { type: 'integer', minimum: 5, maximum: 4 }],
    ['a property that is required and forbidden', { type: 'object', required: ['a'], properties: { a: false } }],
    ['a structure without end', { type: 'object', required: ['a'], properties: { a: { $ref: '#' } } }],
    ['a reference to itself', { $ref: '#' }],
    ['more than can be made', { type: 'array', items: { type: 'string' }, minItems: 1_000_000_000 }],
    ['a text as long as the world', { type: 'string', minLength: 1_000_000_000 }],
    ['a longer pattern', { type: 'string', pattern: '^(a{9999}){9999}$' }],
    [
      'more different values than there are',
      { type: 'array', items: { type: 'boolean' }, minItems: 3, uniqueItems: true },
    ],
    [
      'a name that its patterns would need years for',
      {
        type: 'object',
        required: ['a'.repeat(20_000)],
        patternProperties: { 'a*a*b': true },
        additionalProperties: false,
      },
    ],
    ['looking ahead', { type: 'string', pattern: '^(?=.*[A-Z])(?=.*\\d)$' }],
  ])('says in bounded time that it cannot make up %s', (_name, schema) => {
    const instance = () => new SchemaInstances().instanceOf(compiler.compile(schema), 0);
    expect(cpuMsOf(() => expect(instance).toThrow(NoInstance))).toBeLessThan(4_000);
  });
});

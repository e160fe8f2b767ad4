import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '@headrace/contracts';
import { SchemaCompiler } from '@headrace/providers';
import { jsonSchemaViolations } from './json-schema.rules.js';

const violations = (schema: JsonObject) => jsonSchemaViolations(schema, 'schema');

describe('a JSON Schema', () => {
  it.each<[string, JsonObject]>([
    ['without a dialect', { type: 'object', properties: { a: { $ref: '#/$defs/n' } }, $defs: { n: { type: 'null' } } }],
    ['of 2020-12', { $schema: 'https://json-schema.org/draft/2020-12/schema', prefixItems: [{ type: 'string' }] }],
    ['of draft-07', { $schema: 'http://json-schema.org/draft-07/schema#', definitions: { a: {} } }],
    ['of draft-04', { $schema: 'http://json-schema.org/draft-04/schema#', type: 'object', properties: { id: {} } }],
    ['of OpenAPI', { $schema: 'https://spec.openapis.org/oas/3.1/dialect/base', type: 'object' }],
    ['of draft-07 that does not say so', { type: 'array', items: [{ type: 'string' }, { type: 'number' }] }],
    ['with a format that is not known', { type: 'string', format: 'phone-number' }],
    ['with words of its own', { type: 'object', 'x-order': ['a'] }],
    ['that refers to itself', { type: 'object', properties: { next: { $ref: '#' } } }],
    ['that calls itself by its name', { $id: 'https://x.test/a', $ref: 'https://x.test/a#/$defs/n', $defs: { n: {} } }],
    ['with an anchor', { $ref: '#tree', $defs: { t: { $anchor: 'tree', type: 'object' } } }],
    ['with an escaped reference', { $ref: '#/$defs/a~1b%20c', $defs: { 'a/b c': {} } }],
    ['with a pattern of the older dialect', { type: 'string', pattern: '^[\\w-.]+$' }],
    ['with data that looks like a schema', { enum: [{ $ref: '#/gone' }, { pattern: '(' }] }],
    ['that is empty', {}],
  ])('%s is good, and can be compiled', (_case, schema) => {
    expect(violations(schema)).toEqual([]);
    expect(new SchemaCompiler().compile(schema)).toBeDefined();
  });

  it.each<[JsonObject, { keyword: string; pointer: string; message: string }]>([
    [
      { properties: { age: { minimum: 'none' } } },
      { keyword: 'minimum', pointer: '/properties/age/minimum', message: 'must be number' },
    ],
    [
      { type: 'whole' },
      {
        keyword: 'type',
        pointer: '/type',
        message: 'must be one of array, boolean, integer, null, number, object, string',
      },
    ],
    [
      { properties: { type: 5 } },
      { keyword: 'properties', pointer: '/properties/type', message: 'must be object,boolean' },
    ],
    [
      { $schema: 'http://json-schema.org/draft-04/schema#', minimum: 1, exclusiveMinimum: true },
      { keyword: 'exclusiveMinimum', pointer: '/exclusiveMinimum', message: 'must be number' },
    ],
    [{ items: { id: 'a' } }, { keyword: 'id', pointer: '/items/id', message: 'is written $id since draft-06' }],
    [{ required: ['a', 1] }, { keyword: 'required', pointer: '/required/1', message: 'must be string' }],
    [{ anyOf: [{ maxLength: -1 }] }, { keyword: 'maxLength', pointer: '/anyOf/0/maxLength', message: 'must be >= 0' }],
    [{ prefixItems: {} }, { keyword: 'prefixItems', pointer: '/prefixItems', message: 'must be array' }],
    [
      { properties: { a: { $ref: '#/$defs/gone' } } },
      { keyword: '$ref', pointer: '/properties/a/$ref', message: 'refers to #/$defs/gone, which is not there' },
    ],
    [
      { $ref: 'https://example.com/schema.json' },
      {
        keyword: '$ref',
        pointer: '/$ref',
        message: 'refers to another document (https://example.com/schema.json). Put it into $defs',
      },
    ],
    [
      { items: { type: 'string', pattern: '(' } },
      { keyword: 'pattern', pointer: '/items/pattern', message: 'is not a regular expression: (' },
    ],
    [
      { patternProperties: { '[': {} } },
      { keyword: 'patternProperties', pointer: '/patternProperties', message: 'is not a regular expression: [' },
    ],
  ])('is told which keyword is wrong, and where: %j', (schema, { keyword, pointer, message }) => {
    expect(violations(schema)).toEqual([
      {
        param: `schema${pointer.replaceAll('/', '.')}`,
        pointer,
        keyword,
        message: `schema is not valid JSON Schema: keyword "${keyword}" at ${pointer} ${message}.`,
      },
    ]);
  });

  it('is told of everything that is wrong', () => {
    const wrong = { type: 'object', properties: { a: { type: 'x' }, b: { minLength: 'y' } } };
    expect(violations(wrong).map(({ pointer }) => pointer)).toEqual(['/properties/a/type', '/properties/b/minLength']);
  });

  it('of an unknown dialect is refused with those that are known', () => {
    const [violation] = violations({ $schema: 'http://json-schema.org/draft-03/schema' });
    expect(violation?.param).toBe('schema.$schema');
    expect(violation?.message).toContain('2020-12');
  });

  it('that is too long or too deep is refused before it is looked into', () => {
    expect(violations({ description: 'x'.repeat(100_001) })[0]?.message).toMatch(/longer than/);
    const deep = JSON.parse(`${'{"not":'.repeat(100_000)}{}${'}'.repeat(100_000)}`) as JsonObject;
    expect(violations(deep)[0]?.message).toMatch(/nested more than 200 levels/);
  });

  it('leaves nothing behind for the next: the same $id may come again', () => {
    const schema = { $id: 'https://example.com/answer', type: 'object' };
    expect(violations(schema)).toEqual([]);
    expect(violations({ ...schema, type: 'array' })).toEqual([]);
  });
});

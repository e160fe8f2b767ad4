import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '@headrace/contracts';
import fc from 'fast-check';
import { aSchema } from '../testing/schema.arbitrary.js';
import { schemaFormOf } from './schema-form.js';

describe('an object where a schema is wanted', () => {
  it.each<JsonObject>([
    {},
    { type: 'object' },
    { type: 'object', properties: { name: {} } },
    { type: ['string', 'null'], default: null },
    { type: 'string', description: 'Any text.' },
    { type: 'strnig' },
    { type: 'object', 'own-word': 1 },
    { properties: { age: { minimum: 'none' } } },
    { $ref: '#/$defs/a', $defs: { a: {} } },
    { anyOf: [{ type: 'string' }, { type: 'null' }] },
    { enum: ['a', 'b'] },
    { const: 3 },
    { $schema: 'https://json-schema.org/draft/2020-12/schema', total: 0 },
  ])('is a schema: %j', (object) => {
    expect(schemaFormOf(object)).toBe('schema');
  });

  it.each<JsonObject>([
    { name: 'string', age: 0, tags: ['a'] },
    { title: 'A title', description: 'Some text' },
    { type: 'invoice', total: 0 },
    { type: 'string', name: 'string' },
    { items: [{ sku: 'x', quantity: 1 }], total: 9.99 },
    { properties: 3, garden: true },
    { required: ['a'] },
    { minimum: 0, maximum: 10 },
    { anyOf: [], choice: 'a' },
    { person: { name: '' } },
    { field: { type: 'string', value: '' } },
    { name: { type: 'string' }, age: 0 },
  ])('is an example: %j', (object) => {
    expect(schemaFormOf(object)).toBe('example');
  });

  it('is neither when it consists of named schemas', () => {
    expect(schemaFormOf({ name: { type: 'string' }, age: { type: 'integer', minimum: 0 } })).toBe('properties');
  });

  it('is never taken for an example when it is a schema with a type, a reference, an enum or alternatives', () => {
    fc.assert(
      fc.property(aSchema, (schema) => {
        expect(schemaFormOf(schema)).toBe('schema');
      }),
    );
  });
});

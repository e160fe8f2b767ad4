import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '@headrace/contracts';
import { fitsStrictMode } from './strict-schema.js';

const closed = (properties: JsonObject, more: JsonObject = {}): JsonObject => ({
  ...{ type: 'object', properties, required: Object.keys(properties), additionalProperties: false },
  ...more,
});

describe("OpenAI's strict mode", () => {
  it.each<[string, JsonObject]>([
    ['closed objects', closed({ a: { type: 'integer', minimum: 1 }, b: closed({}) })],
    ['lists, enums and constants', closed({ a: { type: 'array', items: { enum: [1, 'x'] } }, b: { const: null } })],
    ['alternatives', closed({ a: { anyOf: [{ type: 'null' }, closed({ b: { type: ['string', 'null'] } })] } })],
    ['recursion', closed({ next: { anyOf: [{ $ref: '#' }, { type: 'null' }] } })],
    ['definitions', closed({ a: { $ref: '#/$defs/a' } }, { $defs: { a: { type: 'string', format: 'date' } } })],
  ])('takes %s', (_name, schema) => {
    expect(fitsStrictMode(schema)).toBe(true);
  });

  it.each<[string, JsonObject]>([
    ['open objects', { type: 'object', properties: {} }],
    ['objects without properties', { type: 'object', additionalProperties: false }],
    ['optional properties', closed({ a: { type: 'string' } }, { required: [] })],
    ['open objects inside', closed({ a: { type: 'array', items: { type: 'object' } } })],
    ['anything', closed({ a: {} })],
    ['lists of anything', closed({ a: { type: 'array' } })],
    ['keywords that it does not know', closed({ a: { type: 'string', minLength: 1 } })],
    ['formats that it does not know', closed({ a: { type: 'string', format: 'uri' } })],
    ['defaults', closed({ a: { type: 'string', default: 'x' } })],
    ['schemas of other values', { type: 'array', items: { type: 'string' } }],
    ['alternatives at the root', closed({}, { anyOf: [] })],
    ['open definitions', closed({}, { $defs: { a: { type: 'object' } } })],
    ['references to other places', closed({ a: { $ref: 'https://example.com/a' } })],
  ])('does not take %s', (_name, schema) => {
    expect(fitsStrictMode(schema)).toBe(false);
  });

  it('does not take what is nested too deeply', () => {
    const nested = (depth: number): JsonObject => closed(depth === 0 ? {} : { a: nested(depth - 1) });
    expect(fitsStrictMode(nested(10))).toBe(true);
    expect(fitsStrictMode(nested(11))).toBe(false);
  });
});

import { describe, expect, it } from '@jest/globals';
import { jsonSchemaViolations } from './json-schema.rules.js';

const violations = (schema: object) => jsonSchemaViolations(schema, 'schema');

describe('a JSON Schema', () => {
  it.each([
    ['without a dialect', { type: 'object', properties: { a: { $ref: '#/$defs/n' } }, $defs: { n: { type: 'null' } } }],
    ['of 2020-12', { $schema: 'https://json-schema.org/draft/2020-12/schema', prefixItems: [{ type: 'string' }] }],
    ['of draft-07', { $schema: 'http://json-schema.org/draft-07/schema#', definitions: { a: {} } }],
    ['with a format that is not known', { type: 'string', format: 'phone-number' }],
    ['with words of its own', { type: 'object', 'x-order': ['a'] }],
    ['that refers to itself', { type: 'object', properties: { next: { $ref: '#' } } }],
    ['that is empty', {}],
  ])('%s is good', (_case, schema) => {
    expect(violations(schema)).toEqual([]);
  });

  it('is told at which place which keyword is wrong', () => {
    expect(violations({ properties: { age: { minimum: 'none' } } })).toEqual([
      {
        param: 'schema.properties.age.minimum',
        message: 'schema.properties.age.minimum is not valid JSON Schema: must be number (type).',
      },
    ]);
  });

  it.each([
    ['a reference that leads nowhere', { $ref: '#/$defs/gone' }, /gone/],
    ['a reference to another place', { $ref: 'https://example.com/schema.json' }, /example\.com/],
    ['a pattern that is no regular expression', { type: 'string', pattern: '(' }, /regular expression|pattern/i],
  ])('with %s cannot be compiled', (_case, schema, reason) => {
    expect(violations(schema)).toEqual([{ param: 'schema', message: expect.stringMatching(reason) }]);
  });

  it('of an unknown dialect is refused with those that are known', () => {
    const [violation] = violations({ $schema: 'http://json-schema.org/draft-03/schema' });
    expect(violation?.param).toBe('schema.$schema');
    expect(violation?.message).toContain('2020-12');
  });

  it('that is too long is refused before it is compiled', () => {
    expect(violations({ description: 'x'.repeat(100_001) })[0]?.message).toMatch(/longer than/);
  });

  it('leaves nothing behind for the next: the same $id may come again', () => {
    const schema = { $id: 'https://example.com/answer', type: 'object' };
    expect(violations(schema)).toEqual([]);
    expect(violations({ ...schema, type: 'array' })).toEqual([]);
  });
});

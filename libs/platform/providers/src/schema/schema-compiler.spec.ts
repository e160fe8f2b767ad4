import { describe, expect, it } from '@jest/globals';
import { cpuMsOf } from '@headrace/testing';
import { UnusableSchema } from './compiled-schema.js';
import { guardedPattern, mayTakeLong } from './guarded-pattern.js';
import { SchemaCompiler } from './schema-compiler.js';

const compiler = new SchemaCompiler();

describe('a compiled schema', () => {
  it('names every way in which a value does not fit, with its path', () => {
    const schema = compiler.compile({
      type: 'object',
      properties: { name: { type: 'string' }, kind: { enum: ['a', 'b'] } },
      required: ['name'],
      additionalProperties: false,
    });
    expect(schema.violations({ name: 'x', kind: 'a' })).toEqual([]);
    expect(schema.violations({ kind: 'c', more: 1 })).toEqual([
      { path: '', message: "must have required property 'name'" },
      { path: '', message: 'must NOT have additional properties ("more")' },
      { path: '/kind', message: 'must be equal to one of the allowed values (["a","b"])' },
    ]);
  });

  it('refuses in words what cannot be compared, instead of failing over it', () => {
    const schema = compiler.compile({ const: { toString: 1 } });
    const value = JSON.parse('{"toString":1}') as unknown;
    expect(schema.accepts(value)).toBe(false);
    expect(schema.violations(value)).toMatchObject([{ message: expect.stringContaining('cannot be compared') }]);
  });

  it('is made once for equal schemas', () => {
    expect(compiler.compile({ type: 'string' })).toBe(compiler.compile({ type: 'string' }));
    expect(compiler.compile({ type: 'string' })).not.toBe(compiler.compile({ type: 'number' }));
  });

  it('may have the $id of another one', () => {
    const [text, number] = ['string', 'number'].map((type) => compiler.compile({ $id: 'https://x.test/s', type }));
    expect([text?.accepts('x'), number?.accepts('x')]).toEqual([true, false]);
  });

  it('knows formats and lets those be that nobody knows', () => {
    expect(compiler.compile({ type: 'string', format: 'uuid' }).accepts('no')).toBe(false);
    expect(compiler.compile({ type: 'string', format: 'cactus' }).accepts('no')).toBe(true);
  });

  it('follows the draft that the schema is written in', () => {
    const tuple = compiler.compile({ prefixItems: [{ type: 'string' }] });
    const oldTuple = compiler.compile({ items: [{ type: 'string' }] });
    expect([tuple.accepts([1]), oldTuple.accepts([1])]).toEqual([false, false]);
  });

  it.each([
    ['an unknown type', { type: 'strnig' }],
    ['a reference to nowhere', { $ref: '#/$defs/none' }],
    ['a reference to another host', { $ref: 'https://example.com/schema.json' }],
    ['a pattern that is none', { type: 'string', pattern: '(' }],
    ['more text than can be compiled for everybody', { description: 'x'.repeat(300_000) }],
  ])('is not made from %s', (_name, schema) => {
    expect(() => compiler.compile(schema)).toThrow(UnusableSchema);
  });
});

describe('a pattern of a schema', () => {
  it.each(['^(a+)+$', '^(a|a)*$', '(\\w+)\\1', '(a?){30}a{30}', `${'a?'.repeat(30)}b`, `${'(?:a|a)'.repeat(30)}b`])(
    '%s is judged under a time limit',
    (source) => {
      expect(mayTakeLong(source, 30)).toBe(true);
    },
  );

  it.each(['^a*a*a*a*b$', 'a*a*b', 'a*b', 'a{0,9999}b'])('%s is so where the text is long', (source) => {
    expect([mayTakeLong(source, 10), mayTakeLong(source, 100_000)]).toEqual([false, true]);
  });

  it.each(['^[a-z]{2,8}$', '^\\d{4}-\\d{2}$', '^(red|green)$', '^https?://'])('%s runs at full speed', (source) => {
    expect(mayTakeLong(source, 100_000)).toBe(false);
  });

  it.each(['a*a*b', 'a*b', `${'a?'.repeat(40)}b`])('%s ends in time on a long text', (source) => {
    const ms = cpuMsOf(() => expect(guardedPattern(source).test('a'.repeat(500_000))).toBe(false));
    expect(ms).toBeLessThan(2_000);
  });

  it('ends in time on a text that it would need years for', () => {
    const ms = cpuMsOf(() => expect(guardedPattern('^(a+)+$').test(`${'a'.repeat(50)}b`)).toBe(false));
    expect(ms).toBeLessThan(2_000);
  });

  it('still matches what it matches', () => {
    expect(guardedPattern('^(ab+)+$').test('abbab')).toBe(true);
    expect(guardedPattern('^(ab+)+$').test('ac')).toBe(false);
  });

  it('may be written in the older dialect', () => {
    expect(guardedPattern('^[\\w-.]+$').test('a-b.c')).toBe(true);
  });
});

import { describe, expect, it } from '@jest/globals';
import type { Json, JsonObject } from '@headrace/contracts';
import fc from 'fast-check';
import { filterOperators } from './payload-filter-operators.js';
import { valueAt } from './payload-filter-path.js';
import { matchesPayloadFilter, payloadFilterViolations } from './payload-filter.js';

const key = fc.constantFrom('a', 'b', 'a.b', 'c', '0', '__proto__', 'length');
const primitive = fc.oneof(
  fc.constantFrom('x', 'xy', '', 'z'),
  fc.integer({ min: -2, max: 2 }),
  fc.boolean(),
  fc.constant(null),
);
const { json } = fc.letrec<{ json: Json }>((tie) => ({
  json: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    primitive,
    fc.array(tie('json'), { maxLength: 3 }),
    fc.dictionary(key, tie('json'), { maxKeys: 3 }),
  ),
}));
const body = fc.dictionary(key, json, { maxKeys: 4 });

const path = fc
  .array(fc.constantFrom('a', 'b', 'c', '0'), { minLength: 1, maxLength: 3 })
  .map((parts) => parts.join('.'));
const condition: fc.Arbitrary<Json> = fc.oneof(
  primitive,
  fc.record({ $in: fc.array(primitive, { minLength: 1, maxLength: 3 }) }),
  fc.constantFrom('$eq', '$ne', '$contains').chain((name) => fc.record({ [name]: primitive })),
  fc.constantFrom('$gt', '$gte', '$lt', '$lte').chain((name) => fc.record({ [name]: fc.constantFrom('x', 0, 1) })),
  fc.record({ $exists: fc.boolean() }),
);
const { filter } = fc.letrec<{ filter: JsonObject }>((tie) => ({
  filter: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    fc.dictionary(path, condition, { minKeys: 1, maxKeys: 3 }),
    fc.record({ $not: tie('filter') }),
    fc
      .constantFrom('$and', '$or')
      .chain((name) => fc.record({ [name]: fc.array(tie('filter'), { minLength: 1, maxLength: 3 }) })),
  ),
}));

const same = (one: (filter: JsonObject) => JsonObject, other: (filter: JsonObject) => JsonObject) =>
  fc.assert(
    fc.property(filter, body, (any, webhook) => {
      expect(matchesPayloadFilter(one(any), webhook)).toBe(matchesPayloadFilter(other(any), webhook));
    }),
  );

describe('payload filters, whatever they and the bodies are', () => {
  it('are valid as they are generated here, so that the laws below say something', () => {
    fc.assert(fc.property(filter, (any) => expect(payloadFilterViolations(any)).toEqual([])));
  });

  it('mean the same when they are negated twice, or combined with themselves', () => {
    same(
      (any) => ({ $not: { $not: any } }),
      (any) => any,
    );
    same(
      (any) => ({ $and: [any, any] }),
      (any) => any,
    );
    same(
      (any) => ({ $or: [any] }),
      (any) => any,
    );
  });

  it('keep the law of De Morgan', () => {
    fc.assert(
      fc.property(filter, filter, body, (one, other, webhook) => {
        const neither = matchesPayloadFilter({ $not: { $or: [one, other] } }, webhook);
        expect(neither).toBe(matchesPayloadFilter({ $and: [{ $not: one }, { $not: other }] }, webhook));
      }),
    );
  });

  it('tell a value from others: it is equal or it is not, in the list or not', () => {
    fc.assert(
      fc.property(path, primitive, body, (at, value, webhook) => {
        const is = (wanted: Json) => matchesPayloadFilter({ [at]: wanted }, webhook);
        expect(is({ $ne: value })).toBe(!is({ $eq: value }));
        expect(is({ $nin: [value] })).toBe(!is({ $in: [value] }));
        expect(is({ $in: [value] })).toBe(is(value));
        expect(is({ $exists: true })).toBe(!is({ $exists: false }));
      }),
    );
  });

  it('mean the same with a path as with nested filters', () => {
    const parts = fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(parts, primitive, body, (keys, value, webhook) => {
        const nested = keys.reduceRight<Json>((inner, part) => ({ [part]: inner }), value) as JsonObject;
        expect(matchesPayloadFilter(nested, webhook)).toBe(matchesPayloadFilter({ [keys.join('.')]: value }, webhook));
      }),
    );
  });

  it('never throw, whatever JSON somebody takes for a filter', () => {
    const names = fc.constantFrom(
      ...filterOperators.keys(),
      '$and',
      '$or',
      '$not',
      '$foo',
      'a',
      'a.b',
      '',
      '__proto__',
    );
    const { anything } = fc.letrec<{ anything: Json }>((tie) => ({
      anything: fc.oneof(
        { depthSize: 'medium', withCrossShrink: true },
        primitive,
        fc.array(tie('anything'), { maxLength: 3 }),
        fc.dictionary(names, tie('anything'), { maxKeys: 3 }),
      ),
    }));
    fc.assert(
      fc.property(fc.dictionary(names, anything, { maxKeys: 3 }), body, (any, webhook) => {
        const violations = payloadFilterViolations(any);
        expect(violations.every(({ message }) => message.startsWith('must '))).toBe(true);
        expect([true, false]).toContain(matchesPayloadFilter(any, webhook));
      }),
      { numRuns: 1_000 },
    );
  });

  it('find every value of a body that has plain keys', () => {
    const plain = fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.dictionary(fc.constantFrom('d', 'e'), primitive));
    fc.assert(
      fc.property(plain, (webhook) => {
        for (const [outer, inner] of Object.entries(webhook)) {
          for (const [name, value] of Object.entries(inner)) expect(valueAt(webhook, `${outer}.${name}`)).toBe(value);
        }
      }),
    );
  });
});

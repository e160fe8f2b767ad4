import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '@headrace/contracts';
import { matchesPayloadFilter, payloadFilterLimits, payloadFilterViolations } from './payload-filter.js';

const body = {
  type: 'task.completed',
  data: { total: 120.5, currency: 'EUR', tags: ['new', 'vip'], items: [{ price: 7 }, { price: 9 }], note: null, '': 1 },
  customer_data: { 'metadata.user_id': 'u1', 'metadata.plan.name': 'pro', plain: { key: true } },
  timestamp: '2026-03-01T10:00:00.000Z',
};
const matches = (filter: JsonObject): boolean => {
  expect(payloadFilterViolations(filter)).toEqual([]);
  return matchesPayloadFilter(filter, body);
};
const problems = (filter: JsonObject): string[] => payloadFilterViolations(filter).map(({ path }) => path);

describe('a payload filter', () => {
  it.each<[string, JsonObject]>([
    ['a value', { type: 'task.completed' }],
    ['a value below', { 'data.currency': 'EUR' }],
    ['null', { 'data.note': null }],
    ['a position in an array', { 'data.items.1.price': 9 }],
    ['a nested filter', { data: { currency: 'EUR', items: { '0': { price: 7 } } } }],
    ['a key that holds dots', { 'customer_data.metadata.user_id': 'u1' }],
    ['a key that holds more dots', { customer_data: { 'metadata.plan.name': 'pro' } }],
    ['a key beside those', { 'customer_data.plain.key': true }],
    ['more than', { 'data.total': { $gt: 120, $lt: 121 } }],
    ['at least and at most', { 'data.total': { $gte: 120.5, $lte: 120.5 } }],
    ['dates by their text', { timestamp: { $gte: '2026-03-01', $lt: '2026-03-02' } }],
    ['one of', { 'data.currency': { $in: ['USD', 'EUR'] } }],
    ['none of', { 'data.currency': { $nin: ['USD', 'GBP'] } }],
    ['another value', { 'data.currency': { $ne: 'USD' } }],
    ['another value than one that is missing', { 'data.nowhere': { $ne: 'USD', $nin: [null] } }],
    ['what exists, null too', { 'data.note': { $exists: true } }],
    ['what does not exist', { 'data.nowhere.at.all': { $exists: false } }],
    ['an entry of an array', { 'data.tags': { $contains: 'vip' } }],
    ['a part of a text', { 'data.currency': { $contains: 'UR' } }],
    ['a beginning and an end', { type: { $startsWith: 'task.', $endsWith: 'completed' } }],
    ['any of several', { $or: [{ 'data.total': 1 }, { 'data.total': 120.5 }] }],
    ['all of several', { $and: [{ type: 'task.completed' }, { 'data.total': { $gt: 1 } }] }],
    ['what is not', { $not: { 'data.total': 1 } }],
    ['combinations of what is at a path', { 'data.total': { $or: [{ $lt: 5 }, { $gt: 100 }], $not: { $gt: 1_000 } } }],
  ])('takes %s', (_case, filter) => {
    expect(matches(filter)).toBe(true);
  });

  it.each<[string, JsonObject]>([
    ['another value', { type: 'task.failed' }],
    ['a number for a text', { 'data.total': '120.5' }],
    ['the missing for null', { 'data.nowhere': null }],
    ['what lies below a text', { 'type.length': 14 }],
    ['the length of an array', { 'data.tags.length': 2 }],
    ['what only the prototype has', { 'data.constructor': { $exists: true } }],
    ['a text for a number', { 'data.total': { $gt: '1' } }],
    ['the missing for a small number', { 'data.nowhere': { $lt: 5 } }],
    ['null for a small number', { 'data.note': { $lte: 5 } }],
    ['one of several conditions only', { 'data.total': { $gt: 100, $lt: 110 } }],
    ['a part of a number', { 'data.total': { $contains: '120' } }],
    ['the beginning of an array', { 'data.tags': { $startsWith: 'new' } }],
    ['none of the alternatives', { $or: [{ type: 'a' }, { type: 'b' }] }],
    ['what is excluded', { $not: { type: 'task.completed' } }],
  ])('does not take %s', (_case, filter) => {
    expect(matches(filter)).toBe(false);
  });

  it.each<[string, JsonObject, string[]]>([
    ['an unknown operator', { 'data.total': { $foo: 1 } }, ['data.total.$foo']],
    [
      'an unknown operator further in',
      { $or: [{ type: 'x' }, { data: { total: { $foo: 1 } } }] },
      ['$or.1.data.total.$foo'],
    ],
    ['a pattern', { type: { $regex: '^(a+)+$' } }, ['type.$regex']],
    ['an operator without a path', { $gt: 5 }, ['$gt']],
    ['a list', { 'data.tags': ['a'] }, ['data.tags']],
    ['a list within a list', { type: { $in: [['a']] } }, ['type.$in']],
    ['an empty list', { type: { $in: [] } }, ['type.$in']],
    ['a number in order with true', { type: { $gt: true } }, ['type.$gt']],
    ['a beginning that is no text', { type: { $startsWith: 1 } }, ['type.$startsWith']],
    ['an existence that is no truth', { type: { $exists: 'yes' } }, ['type.$exists']],
    ['a combination that is no list', { $or: { type: 'x' } }, ['$or']],
    ['an empty combination', { $and: [] }, ['$and']],
    ['an entry that is no filter', { $and: ['x'] }, ['$and.0']],
    ['nothing', {}, ['']],
    ['nothing at a path', { data: {} }, ['data']],
    ['an empty part of a path', { 'data..total': 1 }, ['data..total']],
    ['an endless path', { ['a.'.repeat(150) + 'a']: 1 }, ['a.'.repeat(150) + 'a']],
    ['several things at once', { type: { $foo: 1 }, data: [] }, ['type.$foo', 'data']],
    ['too much text', { type: 'x'.repeat(payloadFilterLimits.characters) }, ['']],
    ['too many conditions', Object.fromEntries(Array.from({ length: 51 }, (_, n) => [`a${n}`, n])), ['']],
  ])('names what is wrong: %s', (_case, filter, paths) => {
    expect(problems(filter)).toEqual(paths);
  });

  it('says which operators there are', () => {
    expect(payloadFilterViolations({ type: { $like: 'x' } })[0]?.message).toContain('$startsWith');
  });

  it('has a limited depth', () => {
    const nested = (times: number): JsonObject => (times === 0 ? { type: 'x' } : { $not: nested(times - 1) });
    expect(problems(nested(5))).toEqual([]);
    expect(problems(nested(6))).toEqual(['$not.$not.$not.$not.$not.$not']);
  });

  it('that is not valid filters nothing out', () => {
    expect(matchesPayloadFilter({ type: { $foo: 1 } }, body)).toBe(true);
  });
});

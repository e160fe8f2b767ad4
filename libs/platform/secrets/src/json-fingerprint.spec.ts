import { describe, expect, it } from '@jest/globals';
import { fingerprintOf } from './json-fingerprint.js';

describe('a fingerprint', () => {
  it('does not depend on the order of keys, at any depth', () => {
    expect(fingerprintOf({ a: 1, b: [{ c: 2, d: null }] })).toBe(fingerprintOf({ b: [{ d: null, c: 2 }], a: 1 }));
  });

  it('takes undefined for left out', () => {
    expect(fingerprintOf({ a: 1, b: undefined })).toBe(fingerprintOf({ a: 1 }));
  });

  it.each([
    ['another value', { a: 2 }],
    ['a text for a number', { a: '1' }],
    ['one field more', { a: 1, b: null }],
    ['a list', [{ a: 1 }]],
    ['nothing', undefined],
  ])('differs for %s', (_, value) => {
    expect(fingerprintOf(value)).not.toBe(fingerprintOf({ a: 1 }));
  });

  it('depends on the order of a list', () => {
    expect(fingerprintOf([1, 2])).not.toBe(fingerprintOf([2, 1]));
  });
});

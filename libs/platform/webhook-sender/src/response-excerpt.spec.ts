import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { excerptLimit, responseExcerpt } from './response-excerpt.js';

describe('the excerpt of an answer', () => {
  it('is a short text as it is', () => {
    expect(responseExcerpt(Buffer.from('grün €'))).toBe('grün €');
    expect(responseExcerpt(Buffer.alloc(0))).toBe('');
  });

  it('is cut between characters', () => {
    const text = responseExcerpt(Buffer.from('€'.repeat(10_000)));
    expect(text).toBe('€'.repeat(Math.floor(excerptLimit / 3)));
  });

  it('has no NUL, which databases refuse', () => {
    expect(responseExcerpt(Buffer.from('a\0b'))).toBe('a\uFFFDb');
  });

  it('is valid and within the limit, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 0, maxLength: 3 * excerptLimit, size: 'max' }), (bytes) => {
        const text = responseExcerpt(bytes);
        expect(Buffer.byteLength(text)).toBeLessThanOrEqual(excerptLimit);
        expect(text.isWellFormed()).toBe(true);
        expect(text).not.toContain('\0');
      }),
      { numRuns: 50 },
    );
  });
});

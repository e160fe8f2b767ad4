import { describe, expect, it } from '@jest/globals';
import { decodeCursor, encodeCursor } from './cursor.js';

describe('a cursor', () => {
  it('comes back as the position that it was made of', () => {
    const position = { createdAt: new Date('2026-01-02T03:04:05.678Z'), id: '0198d6a0-0000-4000-8000-000000000001' };
    expect(decodeCursor(encodeCursor(position))).toEqual(position);
  });

  it.each([
    '',
    'nonsense',
    Buffer.from("2026-01-01T00:00:00.000Z ' OR 1=1").toString('base64url'),
    Buffer.from('soon 0198d6a0-0000-4000-8000-000000000001').toString('base64url'),
    ['a', 'b'],
    undefined,
  ])('that a client made up (%j) is none', (cursor) => {
    expect(decodeCursor(cursor)).toBeUndefined();
  });
});

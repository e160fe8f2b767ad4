import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { cutInPieces, PieceCollector } from './pieces.js';

describe('pieces of a message', () => {
  it('are no larger than they may be, and whole again when all have come', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 50 }), fc.integer({ min: 1, max: 60 }), (bytes, most) => {
        const pieces = cutInPieces(bytes, most);
        const collector = new PieceCollector();
        const taken = pieces.map((piece, index) => collector.add(piece, index, pieces.length));
        expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThanOrEqual(most);
        expect(taken.slice(0, -1).every((one) => one === undefined)).toBe(true);
        expect(Buffer.from(taken.at(-1) ?? 'none')).toEqual(Buffer.from(bytes));
      }),
    );
  });

  it('of which one got lost never are whole', () => {
    const pieces = cutInPieces(Buffer.from('abcdef'), 2);
    const collector = new PieceCollector();
    const taken = [0, 2].map((index) => collector.add(pieces[index] ?? Buffer.alloc(0), index, pieces.length));
    expect(taken).toEqual([undefined, undefined]);
  });
});

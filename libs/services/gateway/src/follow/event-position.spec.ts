import { describe, expect, it } from '@jest/globals';
import { eventIdOf, fromTheBeginning, positionOf } from './event-position.js';

describe('the id of an event', () => {
  it.each([
    { place: 12, frames: 0, characters: 0 },
    { place: 12, frames: 3, characters: 450 },
    { place: Number.MAX_SAFE_INTEGER, frames: 999_999_999, characters: 999_999_999 },
  ])('says how far the client was told: %j', (position) => {
    expect(positionOf(eventIdOf(position))).toEqual(position);
  });

  it.each([undefined, '', 'abc', '-1', '1.5', '12-3', '12-3-4-5', '1e9', '9'.repeat(17)])(
    'that is none of ours is as good as none: %j',
    (id) => {
      expect(positionOf(id)).toEqual(fromTheBeginning);
    },
  );
});

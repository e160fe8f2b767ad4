import { describe, expect, it } from '@jest/globals';
import { newChannelId } from './new-channel-id.js';

describe('a channel id', () => {
  const now = new Date('2026-01-01T00:00:00.000Z');

  it('is a UUID of version 7 that begins with its time', () => {
    expect(newChannelId(now)).toMatch(/^019b76da-a800-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it('is never the same, even in the same millisecond', () => {
    expect(new Set(Array.from({ length: 1_000 }, () => newChannelId(now))).size).toBe(1_000);
  });
});

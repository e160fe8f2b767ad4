import { describe, expect, it } from '@jest/globals';
import { retryAfterOf, retryDelay } from './retry.js';

describe('the delay before the next attempt', () => {
  it('doubles up to eight seconds, with jitter down to a half', () => {
    const delays = [1, 2, 3, 4, 5, 6, 20].map((number) => retryDelay({ number }, 0.999_999));
    expect(delays.map((delay) => Math.round(delay ?? 0))).toEqual([500, 1_000, 2_000, 4_000, 8_000, 8_000, 8_000]);
    expect(retryDelay({ number: 3 }, 0)).toBe(1_000);
  });

  it.each([500, 502, 503, 504, 429])('is given after %i', (status) => {
    expect(retryDelay({ number: 1, status }, 0)).toBe(250);
  });

  it.each([302, 400, 401, 403, 404, 408, 409, 410, 413, 422])('is none after %i', (status) => {
    expect(retryDelay({ number: 1, status, retryAfterMs: 1_000 }, 0)).toBeUndefined();
  });

  it('is given while the first call with the key is being answered', () => {
    const failed = { number: 1, status: 409, code: 'idempotency_key_in_use', retryAfterMs: 1_000 };
    expect(retryDelay(failed, 0)).toBe(1_000);
  });

  it('is as long as the server asks for, and at most a little longer', () => {
    const failed = { number: 1, status: 503, retryAfterMs: 5_000 };
    expect(retryDelay(failed, 0)).toBe(5_000);
    expect(retryDelay(failed, 0.999_999)).toBeLessThan(5_251);
  });

  it('is none when the server asks for more than a minute, or says that it is of no use', () => {
    expect(retryDelay({ number: 1, status: 429, retryAfterMs: 60_001 }, 0)).toBeUndefined();
    expect(retryDelay({ number: 1, status: 502, isHopeless: true }, 0)).toBeUndefined();
  });
});

describe('Retry-After', () => {
  const now = Date.parse('2026-01-01T00:00:00Z');
  it.each([
    ['7', 7_000],
    ['0', 0],
    ['0.5', 500],
    ['Thu, 01 Jan 2026 00:00:09 GMT', 9_000],
    ['Wed, 31 Dec 2025 00:00:00 GMT', 0],
    ['soon', null],
    ['', null],
    [null, null],
  ])('%j means %j ms', (header, milliseconds) => {
    expect(retryAfterOf(header, now)).toBe(milliseconds);
  });
});

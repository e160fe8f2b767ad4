import { describe, expect, it } from '@jest/globals';
import { failedForTooLong, fewestFailures, tooLongReason } from './failed-for-too-long.js';

const hourMs = 3_600_000;
const since = '2026-01-01T00:00:00.000Z';
const attempt = { startedAt: '2026-01-01T05:00:00.000Z', durationMs: 1 };
const run = { since, failures: fewestFailures, wasKnown: true };

describe('an endpoint', () => {
  it('has failed for too long when the limit is over and there were enough failures', () => {
    expect(failedForTooLong(run, attempt, 5 * hourMs)).toBe(true);
    expect(failedForTooLong(run, attempt, 5 * hourMs + 1)).toBe(false);
  });

  it.each([
    ['this process saw few failures', { ...run, failures: fewestFailures - 1 }, hourMs],
    ['nobody else knows that it fails', { ...run, wasKnown: false }, hourMs],
    ['there is no limit', run, 0],
  ])('has not when %s', (_, seen, limitMs) => {
    expect(failedForTooLong(seen, attempt, limitMs)).toBe(false);
  });

  it('is switched off for a reason in words', () => {
    const error = { code: 'http_status', message: 'The endpoint answered 500.' };
    expect(tooLongReason(120, since, { error })).toBe(
      'Every attempt since 2026-01-01T00:00:00.000Z has failed, for more than 5 days, so the endpoint was switched ' +
        'off. The last: The endpoint answered 500.',
    );
    expect(tooLongReason(1.5, since, { error })).toContain('for more than 1.5 hours');
  });
});

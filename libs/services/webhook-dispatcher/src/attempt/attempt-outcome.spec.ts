import { describe, expect, it } from '@jest/globals';
import type { WebhookAnswer } from '@headrace/webhook-sender';
import { aFailedAttempt } from '@headrace/domain/testing';
import { outcomeOf } from './attempt-outcome.js';

const answered = (httpStatus: number, overrides: Partial<WebhookAnswer> = {}): WebhookAnswer => ({
  attempt: { ...aFailedAttempt(), httpStatus },
  isAnswered: true,
  retryAfter: undefined,
  ...overrides,
});

describe('the outcome of an attempt', () => {
  it.each([429, 502, 503, 504])('tells that an endpoint which answers %s has too much to do', (status) => {
    expect(outcomeOf(answered(status)).isOverloaded).toBe(true);
  });

  it.each([200, 204, 301, 400, 404, 410, 500, 501, 505])('takes %s for no sign of overload', (status) => {
    expect(outcomeOf(answered(status)).isOverloaded).toBe(false);
  });

  it('says that an endpoint which answers 410 wants no more', () => {
    expect(outcomeOf(answered(410))).toMatchObject({ isGone: true, finalReason: expect.stringContaining('410 Gone') });
  });

  it('takes an answer that broke off for no word of the endpoint', () => {
    for (const status of [410, 503]) {
      expect(outcomeOf(answered(status, { isAnswered: false }))).toMatchObject({ isGone: false, isOverloaded: false });
    }
  });

  it('counts Retry-After from the end of the attempt, as seconds and as a date', () => {
    expect(outcomeOf(answered(503, { retryAfter: '7' })).retryAfterMs).toBe(7_000);
    const attempt = { ...aFailedAttempt(), startedAt: '2026-01-01T00:00:00.000Z', durationMs: 1_000 };
    const date = answered(503, { attempt, retryAfter: 'Thu, 01 Jan 2026 00:00:11 GMT' });
    expect(outcomeOf(date).retryAfterMs).toBe(10_000);
    expect(outcomeOf(answered(503)).retryAfterMs).toBeNull();
  });
});

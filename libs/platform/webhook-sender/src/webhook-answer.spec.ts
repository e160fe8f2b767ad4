import { describe, expect, it } from '@jest/globals';
import { OutboundError, type OutboundResponse } from '@headrace/outbound-http';
import { answerOf, failureOf } from './webhook-answer.js';

const tried = { number: 2, startedAt: new Date('2026-01-01T00:00:00.000Z'), durationMs: 12.4 };
const answered = (status: number, overrides: Partial<OutboundResponse> = {}): OutboundResponse => ({
  status,
  headers: {},
  body: Buffer.alloc(0),
  truncated: false,
  version: 'http/1.1',
  timings: { connection: null, firstByteMs: 10, totalMs: 12 },
  ...overrides,
});

describe('the answer to a webhook', () => {
  it('is a success with any 2xx, and a failure with a reason otherwise', () => {
    for (const status of [200, 202, 204, 299]) expect(answerOf(tried, answered(status)).attempt.error).toBeNull();
    expect(answerOf(tried, answered(302)).attempt.error?.code).toBe('redirect_not_followed');
    for (const status of [400, 410, 429, 500]) {
      expect(answerOf(tried, answered(status)).attempt.error?.code).toBe('http_status');
    }
  });

  it('keeps how long its steps took, to a tenth of a millisecond', () => {
    const connection = { dnsMs: 1.26, connectMs: 0.04, tlsMs: null };
    const response = answered(200, { version: 'h2', timings: { connection, firstByteMs: 9.99, totalMs: 11.2345 } });
    expect(answerOf(tried, response).attempt).toMatchObject({
      durationMs: 12,
      protocol: 'h2',
      timings: { dnsMs: 1.3, connectMs: 0, tlsMs: null, firstByteMs: 10, totalMs: 11.2 },
    });
  });

  it('keeps how far a failed call came', () => {
    const timings = { connection: null, firstByteMs: null, totalMs: 30_000 };
    const error = new OutboundError('timeout', 'Too late.').at({ status: 200, timings });
    const { attempt, isAnswered } = failureOf(tried, error);
    expect([attempt.httpStatus, isAnswered]).toEqual([200, false]);
    expect(attempt.timings).toEqual({ dnsMs: null, connectMs: null, tlsMs: null, firstByteMs: null, totalMs: 30_000 });
    expect(failureOf(tried, new OutboundError('invalid_url', 'No.')).attempt).not.toHaveProperty('timings');
  });

  it('is a success when a 2xx has more of a body than is kept, and says so', () => {
    const long = answerOf(tried, answered(200, { body: Buffer.alloc(20_000, 'x') })).attempt;
    const cut = answerOf(tried, answered(202, { body: Buffer.alloc(10), truncated: true })).attempt;
    for (const attempt of [long, cut]) expect(attempt).toMatchObject({ error: null, responseTruncated: true });
    expect(answerOf(tried, answered(200)).attempt).not.toHaveProperty('responseTruncated');
  });
});

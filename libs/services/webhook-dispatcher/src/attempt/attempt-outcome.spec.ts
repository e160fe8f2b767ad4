import { describe, expect, it } from '@jest/globals';
import { OutboundError, type OutboundResponse } from '@headrace/outbound-http';
import { outcomeOfError, outcomeOfResponse } from './attempt-outcome.js';

const tried = { number: 2, startedAt: new Date('2026-01-01T00:00:00.000Z'), durationMs: 12.4 };
const answered = (status: number, overrides: Partial<OutboundResponse> = {}): OutboundResponse => ({
  status,
  headers: {},
  body: Buffer.alloc(0),
  truncated: false,
  timings: { connection: null, firstByteMs: 10, totalMs: 12 },
  ...overrides,
});

describe('the outcome of an attempt', () => {
  it.each([429, 502, 503, 504])('tells that an endpoint which answers %s has too much to do', (status) => {
    expect(outcomeOfResponse(tried, answered(status)).isOverloaded).toBe(true);
  });

  it.each([200, 204, 301, 400, 404, 410, 500, 501, 505])('takes %s for no sign of overload', (status) => {
    expect(outcomeOfResponse(tried, answered(status)).isOverloaded).toBe(false);
  });

  it('takes an answer that never came for no sign of overload', () => {
    expect(outcomeOfError(tried, new OutboundError('timeout', 'Too late.')).isOverloaded).toBe(false);
  });
});

import { describe, expect, it } from '@jest/globals';
import { OutboundError, type OutboundResponse } from '@headrace/outbound-http';
import { outcomeOfError, outcomeOfResponse } from './attempt-outcome.js';

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

describe('the outcome of an attempt', () => {
  it.each([429, 502, 503, 504])('tells that an endpoint which answers %s has too much to do', (status) => {
    expect(outcomeOfResponse(tried, answered(status)).isOverloaded).toBe(true);
  });

  it.each([200, 204, 301, 400, 404, 410, 500, 501, 505])('takes %s for no sign of overload', (status) => {
    expect(outcomeOfResponse(tried, answered(status)).isOverloaded).toBe(false);
  });

  it('keeps how long its steps took, to a tenth of a millisecond', () => {
    const connection = { dnsMs: 1.26, connectMs: 0.04, tlsMs: null };
    const response = answered(200, { version: 'h2', timings: { connection, firstByteMs: 9.99, totalMs: 11.2345 } });
    expect(outcomeOfResponse(tried, response).attempt).toMatchObject({
      protocol: 'h2',
      timings: { dnsMs: 1.3, connectMs: 0, tlsMs: null, firstByteMs: 10, totalMs: 11.2 },
    });
  });

  it('keeps how far a failed call came', () => {
    const timings = { connection: null, firstByteMs: null, totalMs: 30_000 };
    const error = new OutboundError('timeout', 'Too late.').at({ status: null, timings });
    const { attempt } = outcomeOfError(tried, error);
    expect(attempt.timings).toEqual({ dnsMs: null, connectMs: null, tlsMs: null, firstByteMs: null, totalMs: 30_000 });
    expect(outcomeOfError(tried, new OutboundError('invalid_url', 'No.')).attempt).not.toHaveProperty('timings');
  });

  it('is a success when a 2xx has more of a body than is kept, and says so', () => {
    const long = outcomeOfResponse(tried, answered(200, { body: Buffer.alloc(20_000, 'x') })).attempt;
    const cut = outcomeOfResponse(tried, answered(202, { body: Buffer.alloc(10), truncated: true })).attempt;
    for (const attempt of [long, cut]) expect(attempt).toMatchObject({ error: null, responseTruncated: true });
    expect(outcomeOfResponse(tried, answered(200)).attempt).not.toHaveProperty('responseTruncated');
  });

  it('takes an answer that never came for no sign of overload', () => {
    expect(outcomeOfError(tried, new OutboundError('timeout', 'Too late.')).isOverloaded).toBe(false);
  });
});

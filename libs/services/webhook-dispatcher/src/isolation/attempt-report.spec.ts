import { describe, expect, it } from '@jest/globals';
import { reportOf } from './attempt-report.js';

const answered = (httpStatus: number) =>
  reportOf({
    attempt: { httpStatus, error: httpStatus < 300 ? null : { code: 'http_status', message: '' } },
    retryAfterMs: 7,
    isOverloaded: [429, 502, 503, 504].includes(httpStatus),
  });
const failed = (code: string, httpStatus: number | null = null) =>
  reportOf({ attempt: { httpStatus, error: { code, message: '' } }, retryAfterMs: null, isOverloaded: false });

describe('what an attempt says about its endpoint', () => {
  it.each([200, 204, 301, 400, 401, 404, 410, 422])('is that it lives when it answers %i', (status) => {
    expect(answered(status).health).toBe('alive');
  });

  it.each([429, 500, 502, 503, 504])('is that it is sick when it answers %i', (status) => {
    expect(answered(status).health).toBe('sick');
  });

  it.each(['timeout', 'connection_reset', 'connection_refused', 'dns', 'tls', 'invalid_response'])(
    'is that it is sick when there was no answer: %s',
    (code) => {
      expect(failed(code).health).toBe('sick');
      expect(failed(code, 200).health).toBe('sick');
    },
  );

  it.each(['blocked_address', 'invalid_url'])('is nothing when it was not asked: %s', (code) => {
    expect(failed(code)).toEqual({ health: 'unknown', strain: undefined, retryAfterMs: null });
  });

  it('is that it has too much to do when it says so, or does not answer in time', () => {
    expect([429, 502, 503, 504].map((status) => answered(status).strain)).toEqual(Array(4).fill('tooMuch'));
    expect(failed('timeout').strain).toBe('tooMuch');
    expect([200, 400, 500].map((status) => answered(status).strain)).toEqual(Array(3).fill('none'));
    expect([503, 500].map((status) => answered(status).retryAfterMs)).toEqual([7, null]);
  });
});

import { describe, expect, it } from '@jest/globals';
import { versionProblem } from './open-database.js';
import {
  connectionFailureSentence,
  isDatabaseUnavailable,
  isDataRefused,
  isUniqueViolation,
  sqlStateOf,
} from './postgres-errors.js';

const url = 'postgres://app:hunter2@db.example:6432/headrace';
const coded = (code: string, message = 'low-level text') => Object.assign(new Error(message), { code });

describe('a connection that fails', () => {
  it.each([
    ['ECONNREFUSED', /No Postgres answers at db\.example:6432/],
    ['ENOTFOUND', /cannot be found/],
    ['28P01', /refuses the user "app"/],
    ['3D000', /no database "headrace"/],
    ['53300', /max_connections/],
    ['57P03', /still starting/],
    ['42501', /Grant it CREATE/],
  ])('is explained for %s, in one sentence and without the password', (code, expected) => {
    const sentence = connectionFailureSentence(coded(code), url);
    expect(sentence).toMatch(expected);
    expect(sentence).not.toContain('hunter2');
    expect(sentence).not.toContain('\n');
  });

  it('is explained when no answer comes in time', () => {
    expect(connectionFailureSentence(new Error('timeout expired'), url)).toMatch(/does not answer in time/);
  });

  it('keeps the text of an error that it does not know', () => {
    expect(connectionFailureSentence(new Error('something new'), url)).toMatch(/something new/);
  });
});

describe('Postgres error codes', () => {
  it('are told apart', () => {
    expect(isUniqueViolation(coded('23505'))).toBe(true);
    expect(isDataRefused(coded('22P05'))).toBe(true);
    expect(isDataRefused(coded('54001'))).toBe(true);
    expect(isDataRefused(coded('57014'))).toBe(false);
    expect(sqlStateOf('no error at all')).toBeUndefined();
  });

  it.each(['ECONNREFUSED', 'ECONNRESET', '08006', '53300', '57P01', '57014'])('count %s as unavailable', (code) => {
    expect(isDatabaseUnavailable(coded(code))).toBe(true);
  });

  it('count errors of the driver without a code as unavailable, but no fault of a statement', () => {
    expect(isDatabaseUnavailable(new Error('timeout exceeded when trying to connect'))).toBe(true);
    expect(isDatabaseUnavailable(new Error('Connection terminated unexpectedly'))).toBe(true);
    expect(isDatabaseUnavailable(coded('23505'))).toBe(false);
    expect(isDatabaseUnavailable(coded('42601'))).toBe(false);
  });
});

describe('the version check', () => {
  it('refuses what is too old and names both versions', () => {
    expect(versionProblem(130_009, '13.9')).toBe('Postgres 13.9 is too old. Headrace needs version 14 or newer.');
    expect(versionProblem(140_000, '14.0')).toBeUndefined();
  });
});

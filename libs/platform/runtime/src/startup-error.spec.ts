import { describe, expect, it } from '@jest/globals';
import { ConfigurationError } from '@headrace/config';
import { describeStartupFailure, StartupError } from './startup-error.js';

const systemError = (fields: object) => Object.assign(new Error('boom'), fields);

describe('a failed start', () => {
  it('tells which port is taken and what to do', () => {
    expect(describeStartupFailure(systemError({ code: 'EADDRINUSE', port: 4100 }))).toBe(
      'Port 4100 is taken by another program. Stop that program, or set HEADRACE_PORT to a free port.',
    );
  });

  it('tells that the disk is full or cannot be written', () => {
    expect(describeStartupFailure(systemError({ code: 'ENOSPC' }))).toContain('The disk is full');
    expect(describeStartupFailure(systemError({ code: 'EROFS', path: '/data' }))).toContain(
      '/data is on a read-only disk',
    );
    expect(describeStartupFailure(systemError({ code: 'EACCES', path: '/data' }))).toContain('/data cannot be used');
    expect(describeStartupFailure(systemError({ code: 'EEXIST', path: '/a-file' }))).toContain(
      '/a-file cannot be made',
    );
    expect(describeStartupFailure(systemError({ code: 'EACCES', port: 80 }))).toContain('port 80');
  });

  it('shows no stack of an error that was written for people', () => {
    const problems = new ConfigurationError(['HEADRACE_PORT must be a number.', 'NATS_URL must be a URL.']);
    expect(describeStartupFailure(problems)).toBe(problems.message);
    expect(describeStartupFailure(new StartupError('Postgres is away.'))).toBe('Postgres is away.');
  });

  it('shows the stack of a fault that nobody foresaw', () => {
    expect(describeStartupFailure(new TypeError('x is not a function'))).toContain('startup-error.spec');
  });
});

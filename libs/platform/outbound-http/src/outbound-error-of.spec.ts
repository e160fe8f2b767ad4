import { describe, expect, it } from '@jest/globals';
import { OutboundError } from './outbound-error.js';
import { outboundErrorOf } from './outbound-error-of.js';

const failure = (code: string, message = 'something'): Error => Object.assign(new Error(message), { code });

describe('errors of the HTTP client', () => {
  it.each([
    ['ECONNREFUSED', 'connection_refused'],
    ['EHOSTUNREACH', 'unreachable'],
    ['ETIMEDOUT', 'connect_timeout'],
    ['EAI_AGAIN', 'dns_failed'],
    ['CERT_HAS_EXPIRED', 'tls_error'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'tls_error'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'tls_error'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls_error'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'tls_error'],
    ['EWHATEVER', 'connection_failed'],
  ])('%s is %s', (code, expected) => {
    expect(outboundErrorOf(failure(code)).code).toBe(expected);
  });

  it('are told by the first of several addresses that were tried', () => {
    const error = new AggregateError([failure('ECONNREFUSED'), failure('ENETUNREACH')], 'all failed');
    expect(outboundErrorOf(error).code).toBe('connection_refused');
  });

  it('keep their cause and name the code for whoever looks after it', () => {
    const error = failure('CERT_HAS_EXPIRED');
    expect(outboundErrorOf(error)).toMatchObject({
      cause: error,
      message: expect.stringContaining('CERT_HAS_EXPIRED'),
    });
  });

  it('of our own stay as they are', () => {
    const error = new OutboundError('blocked_address', 'No.');
    expect(outboundErrorOf(error)).toBe(error);
  });
});

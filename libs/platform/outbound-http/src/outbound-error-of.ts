import { ConnectFailure } from './connection/connect-attempt.js';
import { http2ErrorOf } from './http2-error-of.js';
import { OutboundError, type OutboundErrorCode } from './outbound-error.js';

type Mapping = readonly [code: OutboundErrorCode, sentence: string];

/** Codes of Node and undici, and what they mean to the owner of the URL. */
const mappings: Readonly<Record<string, Mapping>> = {
  ECONNREFUSED: ['connection_refused', 'Nothing listens at this address and port.'],
  ENOTFOUND: ['dns_failed', 'The host cannot be resolved.'],
  EAI_AGAIN: ['dns_failed', 'The host cannot be resolved at the moment.'],
  EHOSTUNREACH: ['unreachable', 'There is no way to the host.'],
  ENETUNREACH: ['unreachable', 'There is no way to the network of the host.'],
  ETIMEDOUT: ['connect_timeout', 'The connection was not made in time.'],
  UND_ERR_CONNECT_TIMEOUT: ['connect_timeout', 'The connection was not made in time.'],
  UND_ERR_HEADERS_TIMEOUT: ['timeout', 'The answer did not start in time.'],
  UND_ERR_BODY_TIMEOUT: ['timeout', 'The answer stopped in the middle.'],
  ECONNRESET: ['connection_reset', 'The connection was reset before the answer was complete.'],
  EPIPE: ['connection_reset', 'The connection was closed before the request was sent.'],
  UND_ERR_SOCKET: ['connection_reset', 'The connection was closed before the answer was complete.'],
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: ['invalid_response', 'The answer is not as long as its Content-Length says.'],
  UND_ERR_HEADERS_OVERFLOW: ['invalid_response', 'The headers of the answer are too long.'],
  UND_ERR_INVALID_ARG: ['invalid_request', 'The request cannot be sent as it is.'],
  EPROTO: ['tls_error', 'TLS could not be agreed on.'],
};

/** An error of the HTTP client in our own terms; one of ours is returned as it is. */
export function outboundErrorOf(error: unknown): OutboundError {
  if (error instanceof OutboundError) return error;
  if (error instanceof ConnectFailure) return connectErrorOf(error);
  const { code, message, name } = factsOf(error);
  const mapping = http2ErrorOf(code, message) ?? mappings[code];
  if (mapping) return new OutboundError(mapping[0], mapping[1], { cause: error });
  if (name === 'HTTPParserError') {
    const text = `The answer is not valid HTTP (${message}).`;
    return new OutboundError('invalid_response', text, { cause: error });
  }
  if (isTlsCode(code)) return new OutboundError('tls_error', tlsSentence(code, message), { cause: error });
  return new OutboundError('connection_failed', `The call failed (${code || message}).`, { cause: error });
}

/** A failure to connect, which knows what it waited for. */
function connectErrorOf({ attempt, cause }: ConnectFailure): OutboundError {
  const known = outboundErrorOf(cause);
  if (known.code === 'connect_timeout') {
    return new OutboundError('connect_timeout', `${attempt.waitedFor} in time.`, { cause });
  }
  if (known.code === 'connection_reset' && attempt.isInHandshake) {
    return new OutboundError('tls_error', 'The connection was closed in the TLS handshake.', { cause });
  }
  return known;
}

/** Whether an answer's connection was closed in good order before the answer was complete. */
export function endedEarly(error: unknown): boolean {
  const { code } = factsOf(error);
  return code === 'UND_ERR_SOCKET' || code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH';
}

interface Facts {
  readonly name: string;
  readonly code: string;
  readonly message: string;
}

/** Looks at properties, not at classes: errors of Node's core may belong to another realm. */
function factsOf(error: unknown): Facts {
  if (typeof error !== 'object' || error === null) return { name: '', code: '', message: String(error) };
  const { name, code, message, errors } = error as Record<string, unknown>;
  const own = { name: textOf(name), code: textOf(code), message: textOf(message) };
  // Several addresses were tried: the first failure stands for all unless they have a known name together.
  if (Array.isArray(errors) && errors.length > 0 && !(own.code in mappings)) return factsOf(errors[0]);
  return own;
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** What is wrong with a certificate, for the people who must replace it. */
const tlsSentences: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'The TLS certificate has expired.',
  CERT_NOT_YET_VALID: 'The TLS certificate is not valid yet.',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'The TLS certificate is self-signed: no authority that is trusted issued it.',
  SELF_SIGNED_CERT_IN_CHAIN: 'The TLS certificate was issued by an authority that is not trusted.',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'The TLS certificate comes without its chain, or from an unknown authority.',
  UNABLE_TO_GET_ISSUER_CERT: 'The TLS certificate comes without its chain, or from an unknown authority.',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'The TLS certificate comes without its chain, or from an unknown authority.',
  ERR_SSL_WRONG_VERSION_NUMBER: 'The port does not speak TLS; is it plain HTTP?',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'The port does not speak TLS; is it plain HTTP?',
  ERR_SSL_UNSUPPORTED_PROTOCOL: 'No version of TLS is spoken by both sides.',
  ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION: 'No version of TLS is spoken by both sides.',
};

function tlsSentence(code: string, message: string): string {
  // Names the host and what the certificate is for.
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return `The TLS certificate is for another host: ${message}.`;
  return `${tlsSentences[code] ?? 'The TLS certificate or handshake is not valid.'} (${code})`;
}

/** OpenSSL's and Node's codes: CERT_HAS_EXPIRED, DEPTH_ZERO_SELF_SIGNED_CERT, ERR_SSL_…, ERR_TLS_…, UNABLE_TO_…. */
const isTlsCode = (code: string): boolean => /CERT|^ERR_(SSL|TLS)_|^UNABLE_TO_|SELF_SIGNED|^CRL_/.test(code);

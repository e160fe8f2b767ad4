import { performance } from 'node:perf_hooks';
import { isIP, type LookupFunction, type Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { buildConnector } from 'undici';
import type { AddressPolicy } from '../address/address-policy.js';
import { outboundErrorOf } from '../outbound-error-of.js';
import { ConnectAttempt, ConnectFailure } from './connect-attempt.js';

/** Who wants to know of the connections that are opened. */
export interface ConnectObserver {
  onBegin(attempt: ConnectAttempt): void;
  /** Must call `handOver`; the calls that start within it are those that waited for this very connection. */
  onReady(attempt: ConnectAttempt, handOver: () => void): void;
  onFailed(failure: ConnectFailure): void;
}

/** How connections are made. */
export interface ConnectOptions {
  /** Covers resolving, connecting and the TLS handshake. */
  readonly timeoutMs: number;
  /** Whether HTTP/2 is asked for in the TLS handshake (ALPN). */
  readonly http2: boolean;
  /** Authorities (PEM) that are trusted, in place of the usual ones. */
  readonly ca?: string;
}

/**
 * A connector that connects only to addresses that the policy allows. A name is resolved once, by the socket's own
 * look-up, which answers with checked addresses only: nothing resolves it a second time, so DNS rebinding finds no
 * gap. Fails with `ConnectFailure`.
 */
export function guardedConnector(
  policy: AddressPolicy,
  { timeoutMs, http2, ca }: ConnectOptions,
  observer: ConnectObserver,
): buildConnector.connector {
  const connect = buildConnector({
    lookup: guardedLookup(policy),
    timeout: timeoutMs,
    allowH2: http2,
    preferH2: http2,
    ...(ca === undefined ? {} : { ca }),
  });
  return (options, callback) => {
    const fail = (attempt: ConnectAttempt, cause: Error): void => {
      const failure = new ConnectFailure(attempt, cause);
      callback(failure, null);
      observer.onFailed(failure);
    };
    const attempt = new ConnectAttempt(isIP(options.hostname) !== 0, options.protocol === 'https:');
    observer.onBegin(attempt);
    // Sockets do not look up what is an address already.
    const refused = policy.refusedLiteral(options.hostname);
    if (refused) {
      fail(attempt, refused);
      return;
    }
    const socket = connect(options, (error, ready) => {
      if (error) {
        fail(attempt, error);
        return;
      }
      attempt.readyAt = performance.now();
      if ((ready as TLSSocket).alpnProtocol === 'h2') attempt.version = 'h2';
      observer.onReady(attempt, () => callback(null, ready));
    }) as unknown as Socket;
    // Before the client's own listeners, which send the request.
    socket.prependOnceListener('lookup', () => (attempt.resolvedAt = performance.now()));
    socket.prependOnceListener('connect', () => (attempt.connectedAt = performance.now()));
  };
}

function guardedLookup(policy: AddressPolicy): LookupFunction {
  return (host, { all }, done) => {
    policy.allowedAddresses(host).then(
      (addresses) => {
        const [first] = addresses;
        if (all || !first) done(null, [...addresses]);
        else done(null, first.address, first.family);
      },
      (error: unknown) => done(outboundErrorOf(error), []),
    );
  };
}

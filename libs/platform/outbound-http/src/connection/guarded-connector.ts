import { performance } from 'node:perf_hooks';
import type { LookupFunction, Socket } from 'node:net';
import { buildConnector } from 'undici';
import type { AddressPolicy } from '../address/address-policy.js';
import { outboundErrorOf } from '../outbound-error-of.js';

/** How long the steps of one new connection took, in milliseconds. */
export interface ConnectTimings {
  /** When the connection was ready, on the clock of `performance.now()`. */
  readonly readyAt: number;
  readonly dnsMs: number;
  readonly connectMs: number;
  /** 0 for http. */
  readonly tlsMs: number;
}

/**
 * A connector that connects only to addresses that the policy allows. A name is resolved once, by the socket's own
 * look-up, which answers with checked addresses only: nothing resolves it a second time, so DNS rebinding finds no
 * gap. `timeoutMs` covers resolving, connecting and the TLS handshake.
 */
export function guardedConnector(
  policy: AddressPolicy,
  timeoutMs: number,
  onReady: (timings: ConnectTimings) => void,
): buildConnector.connector {
  const connect = buildConnector({ lookup: guardedLookup(policy), timeout: timeoutMs, allowH2: false });
  return (options, callback) => {
    // Sockets do not look up what is an address already.
    const refused = policy.refusedLiteral(options.hostname);
    if (refused) {
      callback(refused, null);
      return;
    }
    const times = { started: performance.now(), resolved: 0, connected: 0 };
    const socket = connect(options, (...result) => {
      if (result[0] === null) onReady(timingsOf(times));
      callback(...result);
    }) as unknown as Socket;
    socket.once('lookup', () => (times.resolved = performance.now()));
    socket.once('connect', () => (times.connected = performance.now()));
  };
}

function timingsOf(times: { started: number; resolved: number; connected: number }): ConnectTimings {
  const readyAt = performance.now();
  const resolved = times.resolved || times.started;
  const connected = times.connected || readyAt;
  return { readyAt, dnsMs: resolved - times.started, connectMs: connected - resolved, tlsMs: readyAt - connected };
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

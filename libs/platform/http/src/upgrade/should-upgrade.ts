import type { IncomingMessage, Server } from 'node:http';

/**
 * Which requests are upgrades, for Node's server; it would take every one that has the header. Only WebSockets are
 * served: another upgrade, such as the offer of HTTP/2 that Java's HttpClient makes with each request without TLS, is
 * passed over by answering the request as it is (RFC 9110 section 7.8).
 */
export function shouldUpgrade(this: Server, { headers }: Pick<IncomingMessage, 'headers'>): boolean {
  return headers.upgrade?.toLowerCase() === 'websocket' && this.listenerCount('upgrade') > 0;
}

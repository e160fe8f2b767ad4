import { AddressPolicy } from './address/address-policy.js';
import type { OriginPool } from './connection/origin-pool.js';
import { OriginPools } from './connection/origin-pools.js';
import { BufferedExchange } from './exchange/buffered-exchange.js';
import type { OutboundRequest, OutboundResponse } from './exchange/outbound-request.js';
import { streamExchange, type StreamedResponse, type StreamTimeouts } from './exchange/streamed-response.js';
import { OutboundError } from './outbound-error.js';
import type { OutboundHttpSettings } from './outbound-http.settings.js';

/**
 * Calls to URLs that users set: never to an address that the operator refuses, never beyond their time and size,
 * over keep-alive connections. Every failure is an `OutboundError`.
 */
export class OutboundHttp {
  private readonly pools: OriginPools;

  constructor(
    private readonly policy: AddressPolicy,
    private readonly settings: OutboundHttpSettings,
    /** Authorities (PEM) that are trusted, in place of the usual ones. */
    ca?: string,
  ) {
    const { connectionsPerOrigin, origins } = settings;
    this.pools = new OriginPools(policy, { connectionsPerOrigin, origins, ca });
  }

  /** Makes a call and keeps its answer, cut at `maxResponseBytes`. Any status is an answer, 3xx too. */
  request(request: OutboundRequest): Promise<OutboundResponse> {
    return new Promise((resolve, reject) => {
      if (request.signal?.aborted) throw new OutboundError('aborted', 'The call was given up.');
      const { origin, path } = this.target(request, request.http2 === true && this.settings.http2);
      new BufferedExchange(request, origin, path, resolve, reject).start();
    });
  }

  /**
   * Makes a call and hands out its body as it comes: for answers that take minutes or must not be held whole. Always
   * over HTTP/1.1, since a reader that pauses would hold up whatever shares its HTTP/2 connection.
   */
  async requestStream(request: OutboundRequest & { readonly timeouts: StreamTimeouts }): Promise<StreamedResponse> {
    const { origin, path } = this.target(request, false);
    return streamExchange(origin.pool, path, request);
  }

  /** Ends all connections, idle or not. */
  close(): Promise<void> {
    return this.pools.destroy();
  }

  private target({ url, timeouts }: OutboundRequest, http2: boolean): { origin: OriginPool; path: string } {
    const parsed = this.policy.parseUrl(url);
    // HTTP/2 is agreed on in the TLS handshake, so http:// has none.
    const origin = this.pools.of(parsed.origin, timeouts.connectMs, http2 && parsed.protocol === 'https:');
    return { origin, path: parsed.pathname + parsed.search };
  }
}

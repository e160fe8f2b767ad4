import { AddressPolicy } from './address/address-policy.js';
import type { OriginPool } from './connection/origin-pool.js';
import { OriginPools } from './connection/origin-pools.js';
import { BufferedExchange } from './exchange/buffered-exchange.js';
import type { OutboundRequest, OutboundResponse } from './exchange/outbound-request.js';
import { streamExchange, type StreamedResponse, type StreamTimeouts } from './exchange/streamed-response.js';
import { OutboundError } from './outbound-error.js';
import { outboundErrorOf } from './outbound-error-of.js';
import type { OutboundHttpSettings } from './outbound-http.settings.js';

/**
 * Calls to URLs that users set: never to an address that the operator refuses, never beyond their time and size,
 * over keep-alive connections. Every failure is an `OutboundError`.
 */
export class OutboundHttp {
  private readonly pools: OriginPools;

  constructor(
    private readonly policy: AddressPolicy,
    settings: OutboundHttpSettings,
  ) {
    this.pools = new OriginPools(policy, settings);
  }

  /** Makes a call and keeps its answer, cut at `maxResponseBytes`. Any status is an answer, 3xx too. */
  request(request: OutboundRequest): Promise<OutboundResponse> {
    return new Promise((resolve, reject) => {
      if (request.signal?.aborted) throw new OutboundError('aborted', 'The call was given up.');
      const { origin, path } = this.target(request);
      const exchange = new BufferedExchange(request, origin, resolve, reject);
      try {
        origin.pool.dispatch(
          {
            path,
            method: request.method,
            headers: request.headers,
            body: request.body,
            headersTimeout: request.timeouts.firstByteMs,
            // The total deadline sees to a body that stops.
            bodyTimeout: 0,
          },
          exchange,
        );
      } catch (error) {
        exchange.fail(outboundErrorOf(error));
      }
    });
  }

  /** Makes a call and hands out its body as it comes: for answers that take minutes or must not be held whole. */
  async requestStream(request: OutboundRequest & { readonly timeouts: StreamTimeouts }): Promise<StreamedResponse> {
    const { origin, path } = this.target(request);
    return streamExchange(origin.pool, path, request);
  }

  /** Ends all connections, idle or not. */
  close(): Promise<void> {
    return this.pools.destroy();
  }

  private target({ url, timeouts }: OutboundRequest): { origin: OriginPool; path: string } {
    const parsed = this.policy.parseUrl(url);
    return { origin: this.pools.of(parsed.origin, timeouts.connectMs), path: parsed.pathname + parsed.search };
  }
}

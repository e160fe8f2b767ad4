import { Listing, type Page } from '../page.js';
import type { CallOptions } from '../options.js';
import type { HttpCaller } from '../transport/http-caller.js';
import { segmentOf } from '../transport/segment.js';
import { pause } from '../transport/time-limit.js';
import type { CancelledRequest, RequestDetail, RequestFilter, RequestSummary } from '../types/views.js';

/** How long one question waits for the end, where the system can wait. */
const waitSeconds = 25;
const firstPauseMs = 250;
const longestPauseMs = 2_000;

/** What became of requests. */
export class Requests {
  readonly #http: HttpCaller;

  constructor(http: HttpCaller) {
    this.#http = http;
  }

  /** State, result and timeline of a request. */
  async get(channelId: string, options?: CallOptions): Promise<RequestDetail> {
    return (await this.#http.call<RequestDetail>({ method: 'GET', path: pathOf(channelId) }, options)).body;
  }

  /** The project's requests, newest first; a moment behind `get`. */
  list(filter: RequestFilter = {}, options?: CallOptions): Listing<RequestSummary> {
    return new Listing(async (cursor) => {
      const call = { method: 'GET', path: '/v1/requests', query: { ...filter, cursor } } as const;
      return (await this.#http.call<Page<RequestSummary>>(call, options)).body;
    });
  }

  /** Ends a request without a result. Asking again changes nothing. `ConflictError`: it has ended otherwise. */
  async cancel(channelId: string, options?: CallOptions): Promise<CancelledRequest> {
    const call = { method: 'POST', path: `${pathOf(channelId)}/cancel` } as const;
    return (await this.#http.call<CancelledRequest>(call, options)).body;
  }

  /**
   * Waits for a request's end, however it ends. Give a signal to wait no longer than you want:
   * `AbortSignal.timeout(60_000)`. For scripts and tests; a server is better told by webhooks.
   */
  async wait(channelId: string, options: CallOptions = {}): Promise<RequestDetail> {
    const call = { method: 'GET', path: pathOf(channelId), query: { wait: `${waitSeconds}s` } } as const;
    const patient = { ...options, timeoutMs: Math.max(options.timeoutMs ?? 0, 2_000 * waitSeconds) };
    for (let delay = firstPauseMs; ; delay = Math.min(delay * 2, longestPauseMs)) {
      const asked = performance.now();
      const { body } = await this.#http.call<RequestDetail>(call, patient);
      if (body.ended_at !== null) return body;
      // A system that waits itself was waited for already.
      await pause(Math.max(0, delay - (performance.now() - asked)), options.signal);
    }
  }
}

const pathOf = (channelId: string): string => `/v1/requests/${segmentOf(channelId)}`;

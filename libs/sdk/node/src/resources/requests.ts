import { positive, type CallOptions, type MakingOptions } from '../options.js';
import type { Listing } from '../page.js';
import { Api } from '../transport/api.js';
import type { HttpCaller } from '../transport/http-caller.js';
import { segmentOf } from '../transport/segment.js';
import { pause, TimeLimit } from '../transport/time-limit.js';
import type { ChannelEvent } from '../types/channel.js';
import type { Json } from '../types/json.js';
import type { CancelledRequest, EndedRequest, RequestDetail, RequestFilter, RequestSummary } from '../types/views.js';
import { channelEvents } from './channel-events.js';

/** How long one question waits for the end: less than proxies have patience for. */
const waitSeconds = 25;
/** How often whoever waits asks in vain, one time after the other: for about two minutes. */
const patientRetries = 20;
const firstPauseMs = 250;
const longestPauseMs = 2_000;

/** How a request's end is waited for. */
export interface WaitOptions extends CallOptions {
  /** `ApiTimeoutError` after so long. */
  readonly withinMs?: number;
  /** How many questions in a row may fail: 20, about two minutes. */
  readonly maxRetries?: number;
}

/** How the events of a request are read. */
export interface EventsOptions extends CallOptions {
  /** `id` of the last event that you have, from an iteration before: goes on after it. */
  readonly lastEventId?: string;
  /** How many connections in a row may fail: 20, about two minutes. */
  readonly maxRetries?: number;
}

/** What became of requests. */
export class Requests {
  readonly #http: HttpCaller;
  readonly #api: Api;

  constructor(http: HttpCaller) {
    this.#http = http;
    this.#api = new Api(http);
  }

  /** State, result and timeline of a request. */
  async get<Data = Json>(channelId: string, options?: CallOptions): Promise<RequestDetail<Data>> {
    return this.#api.get(pathOf(channelId), options);
  }

  /** The project's requests, newest first; a moment behind `get`. */
  list(filter: RequestFilter = {}, options?: CallOptions): Listing<RequestSummary> {
    return this.#api.list('/v1/requests', filter, options);
  }

  /** Ends a request without a result. Asking again changes nothing. `ConflictError`: it has ended otherwise. */
  async cancel(channelId: string, options?: MakingOptions): Promise<CancelledRequest> {
    return this.#api.post(`${pathOf(channelId)}/cancel`, undefined, options);
  }

  /**
   * Waits for a request's end, however it ends: by long polls, one after the other, over restarts of the system too.
   * Give `withinMs`, or a signal, to wait no longer than you want. A server is better told by webhooks.
   */
  async wait<Data = Json>(channelId: string, options: WaitOptions = {}): Promise<EndedRequest<Data>> {
    const { withinMs, maxRetries = patientRetries, ...others } = options;
    if (withinMs === undefined) return this.#untilEnd(channelId, { ...others, maxRetries });
    const limit = new TimeLimit(positive('withinMs', withinMs), others.signal, 'The request did not end');
    try {
      return await this.#untilEnd(channelId, { ...others, maxRetries, signal: limit.signal });
    } finally {
      limit.release();
    }
  }

  /**
   * What is told of a request while it goes on, from its latest state until it has ended: its states, and the text of
   * its answer if that is streamed. Comes again after a broken connection, where it was. Leaving the loop ends it.
   */
  events<Data = Json>(
    channelId: string,
    { lastEventId = '', maxRetries = patientRetries, ...options }: EventsOptions = {},
  ): AsyncGenerator<ChannelEvent<Data>, void, undefined> {
    const path = `${pathOf(channelId)}/events`;
    return channelEvents<Data>(this.#http, { path, lastEventId, maxRetries, options });
  }

  async #untilEnd<Data>(channelId: string, options: CallOptions): Promise<EndedRequest<Data>> {
    const [path, query] = [pathOf(channelId), { wait: `${waitSeconds}s` }];
    const patient = { ...options, timeoutMs: Math.max(options.timeoutMs ?? 0, 2_000 * waitSeconds) };
    for (let delay = firstPauseMs; ; delay = Math.min(delay * 2, longestPauseMs)) {
      const asked = performance.now();
      const request = await this.#api.get<RequestDetail<Data>>(path, patient, query);
      if (hasEnded(request)) return request;
      // A system that waited itself need not be waited for; one that stops answers at once.
      await pause(Math.max(0, delay - (performance.now() - asked)), options.signal);
    }
  }
}

const hasEnded = <Data>(request: RequestDetail<Data>): request is EndedRequest<Data> => request.ended_at !== null;
const pathOf = (channelId: string): string => `/v1/requests/${segmentOf(channelId)}`;

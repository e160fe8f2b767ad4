import type { CallOptions, MakingOptions } from '../options.js';
import type { Listing } from '../page.js';
import type { Api } from '../transport/api.js';
import { segmentOf } from '../transport/segment.js';
import type { DeadLetter, DeadLetterDetail, Delivery } from '../types/api/deliveries.js';
import type { NewReplay, Replay } from '../types/api/replays.js';
import type { DeadLetterFilter, DeliveryFilter, PageSize } from '../types/views.js';

/** What became of webhooks. */
export class Deliveries {
  readonly #api: Api;

  constructor(api: Api) {
    this.#api = api;
  }

  /** The project's deliveries with their attempts, last planned first. */
  list(filter: DeliveryFilter = {}, options?: CallOptions): Listing<Delivery> {
    return this.#api.list('/v1/deliveries', filter, options);
  }
}

/** Webhooks that no endpoint took. */
export class DeadLetters {
  readonly #api: Api;

  constructor(api: Api) {
    this.#api = api;
  }

  /** The project's dead letters, last given up first. */
  list(filter: DeadLetterFilter = {}, options?: CallOptions): Listing<DeadLetter> {
    return this.#api.list('/v1/dead-letters', filter, options);
  }

  /** Payload, headers and every attempt. */
  async get(id: string, options?: CallOptions): Promise<DeadLetterDetail> {
    return this.#api.get(`/v1/dead-letters/${segmentOf(id)}`, options);
  }

  /** Sends a dead letter once more: the same bytes under the same `webhook-id`. */
  async replay(id: string, options?: MakingOptions): Promise<Delivery> {
    return this.#api.post(`/v1/dead-letters/${segmentOf(id)}/replay`, undefined, options);
  }

  /** Sends many once more, little by little: some by id, what a filter finds, or all. `replays` tells how far it is. */
  async replayMany(which: NewReplay, options?: MakingOptions): Promise<Replay> {
    return this.#api.post('/v1/dead-letters/replay', which, options);
  }
}

/** Replays of many dead letters. */
export class Replays {
  readonly #api: Api;

  constructor(api: Api) {
    this.#api = api;
  }

  list(filter: PageSize = {}, options?: CallOptions): Listing<Replay> {
    return this.#api.list('/v1/replays', filter, options);
  }

  /** How far it is. */
  async get(id: string, options?: CallOptions): Promise<Replay> {
    return this.#api.get(pathOf(id), options);
  }

  /** Changes how many deliveries are made in a second, at most. */
  async setRate(id: string, perSecond: number, options?: CallOptions): Promise<Replay> {
    return this.#api.patch(pathOf(id), { rate_per_second: perSecond }, options);
  }

  async pause(id: string, options?: MakingOptions): Promise<Replay> {
    return this.#api.post(`${pathOf(id)}/pause`, undefined, options);
  }

  async resume(id: string, options?: MakingOptions): Promise<Replay> {
    return this.#api.post(`${pathOf(id)}/resume`, undefined, options);
  }

  /** Nothing further is planned; what is under way goes on. */
  async cancel(id: string, options?: MakingOptions): Promise<Replay> {
    return this.#api.post(`${pathOf(id)}/cancel`, undefined, options);
  }
}

const pathOf = (id: string): string => `/v1/replays/${segmentOf(id)}`;

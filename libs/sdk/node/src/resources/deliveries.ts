import { randomUUID } from 'node:crypto';
import type { CallOptions, MakingOptions } from '../options.js';
import { Listing, type Page } from '../page.js';
import type { HttpCaller } from '../transport/http-caller.js';
import { segmentOf } from '../transport/segment.js';
import type { DeadLetter, DeadLetterDetail, DeadLetterFilter, Delivery, DeliveryFilter } from '../types/views.js';

/** What became of webhooks. */
export class Deliveries {
  readonly #http: HttpCaller;

  constructor(http: HttpCaller) {
    this.#http = http;
  }

  /** The project's deliveries with their attempts, last planned first. */
  list(filter: DeliveryFilter = {}, options?: CallOptions): Listing<Delivery> {
    return new Listing(async (cursor) => {
      const call = { method: 'GET', path: '/v1/deliveries', query: { ...filter, cursor } } as const;
      return (await this.#http.call<Page<Delivery>>(call, options)).body;
    });
  }
}

/** Webhooks that no endpoint took. */
export class DeadLetters {
  readonly #http: HttpCaller;

  constructor(http: HttpCaller) {
    this.#http = http;
  }

  /** The project's dead letters, last given up first. */
  list(filter: DeadLetterFilter = {}, options?: CallOptions): Listing<DeadLetter> {
    return new Listing(async (cursor) => {
      const call = { method: 'GET', path: '/v1/dead-letters', query: { ...filter, cursor } } as const;
      return (await this.#http.call<Page<DeadLetter>>(call, options)).body;
    });
  }

  /** Payload, headers and every attempt. */
  async get(id: string, options?: CallOptions): Promise<DeadLetterDetail> {
    return (await this.#http.call<DeadLetterDetail>({ method: 'GET', path: pathOf(id) }, options)).body;
  }

  /** Sends a dead letter once more: the same bytes under the same `webhook-id`. */
  async replay(id: string, { idempotencyKey = randomUUID(), ...options }: MakingOptions = {}): Promise<Delivery> {
    const call = { method: 'POST', path: `${pathOf(id)}/replay`, idempotencyKey } as const;
    return (await this.#http.call<Delivery>(call, options)).body;
  }
}

const pathOf = (id: string): string => `/v1/dead-letters/${segmentOf(id)}`;

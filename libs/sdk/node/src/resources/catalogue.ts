import type { CallOptions } from '../options.js';
import type { Api } from '../transport/api.js';
import { segmentOf } from '../transport/segment.js';
import type { Model, ModelList } from '../types/api/models.js';
import type { NewPrices, PriceTable, PriceVersion, PriceVersions } from '../types/api/prices.js';

/** The project's workflows, as OpenAI's API lists models. */
export class Models {
  readonly #api: Api;

  constructor(api: Api) {
    this.#api = api;
  }

  async list(options?: CallOptions): Promise<ModelList> {
    return this.#api.get('/v1/models', options);
  }

  /** By the name of a workflow, or `provider/model`. */
  async get(id: string, options?: CallOptions): Promise<Model> {
    return this.#api.get(`/v1/models/${id.split('/').map(segmentOf).join('/')}`, options);
  }
}

/** What requests are charged by. */
export class Prices {
  readonly #api: Api;

  constructor(api: Api) {
    this.#api = api;
  }

  async get(options?: CallOptions): Promise<PriceTable> {
    return this.#api.get('/v1/prices', options);
  }

  /** Replaces the operator's own prices. The administrator's. */
  async replace(prices: NewPrices, options?: CallOptions): Promise<PriceVersion> {
    return this.#api.put('/v1/prices', prices, options);
  }

  /** The operator's own prices as they were, the latest first. The administrator's. */
  async versions(options?: CallOptions): Promise<PriceVersions> {
    return this.#api.get('/v1/prices/versions', options);
  }
}

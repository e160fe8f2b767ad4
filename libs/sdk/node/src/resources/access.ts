import type { CallOptions, MakingOptions } from '../options.js';
import type { Listing } from '../page.js';
import type { Api } from '../transport/api.js';
import { segmentOf } from '../transport/segment.js';
import type { ApiKey, ApiKeyWithValue, NewApiKey } from '../types/api/api-keys.js';
import type {
  NewProviderCredential,
  ProviderCredential,
  ProviderCredentialChanges,
} from '../types/api/provider-credentials.js';
import type { Deleted } from '../types/api/workflows.js';
import type { PageSize } from '../types/views.js';

/** API keys of the project. */
export class ApiKeys {
  readonly #api: Api;

  constructor(api: Api) {
    this.#api = api;
  }

  /** Keep the `key`: it is shown only here. */
  async create(key: NewApiKey, options?: MakingOptions): Promise<ApiKeyWithValue> {
    return this.#api.post('/v1/api-keys', key, options);
  }

  /** Newest first, revoked ones too. */
  list(filter: PageSize = {}, options?: CallOptions): Listing<ApiKey> {
    return this.#api.list('/v1/api-keys', filter, options);
  }

  async get(id: string, options?: CallOptions): Promise<ApiKey> {
    return this.#api.get(`/v1/api-keys/${segmentOf(id)}`, options);
  }

  /** Good for nothing from now on; it stays in the list. */
  async revoke(id: string, options?: CallOptions): Promise<ApiKey> {
    return this.#api.delete(`/v1/api-keys/${segmentOf(id)}`, options);
  }
}

/** The project's credentials of AI providers, by id or provider. Keys are stored encrypted and shown masked. */
export class ProviderCredentials {
  readonly #api: Api;

  constructor(api: Api) {
    this.#api = api;
  }

  async create(credential: NewProviderCredential, options?: MakingOptions): Promise<ProviderCredential> {
    return this.#api.post('/v1/provider-credentials', credential, options);
  }

  /** Newest first. */
  list(filter: PageSize = {}, options?: CallOptions): Listing<ProviderCredential> {
    return this.#api.list('/v1/provider-credentials', filter, options);
  }

  async get(idOrProvider: string, options?: CallOptions): Promise<ProviderCredential> {
    return this.#api.get(pathOf(idOrProvider), options);
  }

  async update(
    idOrProvider: string,
    changes: ProviderCredentialChanges,
    options?: CallOptions,
  ): Promise<ProviderCredential> {
    return this.#api.patch(pathOf(idOrProvider), changes, options);
  }

  async delete(idOrProvider: string, options?: CallOptions): Promise<Deleted> {
    return this.#api.delete(pathOf(idOrProvider), options);
  }
}

const pathOf = (idOrProvider: string): string => `/v1/provider-credentials/${segmentOf(idOrProvider)}`;

import type { CallOptions, MakingOptions } from '../options.js';
import type { Listing } from '../page.js';
import type { Api } from '../transport/api.js';
import { segmentOf } from '../transport/segment.js';
import type { ApiKeyWithValue, NewApiKey } from '../types/api/api-keys.js';
import type { Budgets, BudgetSetting, RateLimits } from '../types/api/limits.js';
import type {
  NewProject,
  Project,
  ProjectChanges,
  ProjectToken,
  ProjectWithKey,
  SigningSecret,
} from '../types/api/projects.js';
import type { PageSize } from '../types/views.js';

/** Projects: the one of the key; with the administrator's key every one. */
export class Projects {
  readonly #api: Api;

  constructor(api: Api) {
    this.#api = api;
  }

  /** With its first API key, which is shown only here. The administrator's. */
  async create(project: NewProject, options?: MakingOptions): Promise<ProjectWithKey> {
    return this.#api.post('/v1/projects', project, options);
  }

  list(filter: PageSize = {}, options?: CallOptions): Listing<Project> {
    return this.#api.list('/v1/projects', filter, options);
  }

  async get(id: string, options?: CallOptions): Promise<Project> {
    return this.#api.get(pathOf(id), options);
  }

  async update(id: string, changes: ProjectChanges, options?: CallOptions): Promise<Project> {
    return this.#api.patch(pathOf(id), changes, options);
  }

  /** Makes an API key of any project; it is shown only here. The administrator's. */
  async createApiKey(id: string, key: NewApiKey, options?: MakingOptions): Promise<ApiKeyWithValue> {
    return this.#api.post(`${pathOf(id)}/api-keys`, key, options);
  }

  /** Makes a new secret for webhooks to a request's own `webhook_url`; it is shown only here. */
  async rotateSigningSecret(id: string, options?: MakingOptions): Promise<SigningSecret> {
    return this.#api.post(`${pathOf(id)}/rotate-signing-secret`, undefined, options);
  }

  /** A token with which a dashboard watches all requests of the project over a WebSocket. */
  async realtimeToken(id: string, options?: MakingOptions): Promise<ProjectToken> {
    return this.#api.post(`${pathOf(id)}/realtime-token`, undefined, options);
  }

  async rateLimits(id: string, options?: CallOptions): Promise<RateLimits> {
    return this.#api.get(`${pathOf(id)}/rate-limits`, options);
  }

  /** Replaces all limits: what is left out is not limited any more. */
  async setRateLimits(id: string, limits: RateLimits, options?: CallOptions): Promise<RateLimits> {
    return this.#api.put(`${pathOf(id)}/rate-limits`, limits, options);
  }

  /** With what is spent of them. */
  async budgets(id: string, options?: CallOptions): Promise<Budgets> {
    return this.#api.get(`${pathOf(id)}/budgets`, options);
  }

  /** Replaces all budgets. */
  async setBudgets(id: string, budgets: readonly BudgetSetting[], options?: CallOptions): Promise<Budgets> {
    return this.#api.put(`${pathOf(id)}/budgets`, { budgets }, options);
  }
}

const pathOf = (id: string): string => `/v1/projects/${segmentOf(id)}`;

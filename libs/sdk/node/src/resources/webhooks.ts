import type { CallOptions, MakingOptions } from '../options.js';
import type { Listing } from '../page.js';
import type { Api } from '../transport/api.js';
import { segmentOf } from '../transport/segment.js';
import type {
  NewWebhookEndpoint,
  SecretRotation,
  TestedWebhook,
  WebhookEndpoint,
  WebhookEndpointChanges,
  WebhookEndpointStats,
  WebhookEndpointWithSecret,
  WebhookTestResult,
} from '../types/api/webhooks.js';
import type { Deleted } from '../types/api/workflows.js';
import type { PageSize } from '../types/views.js';

/** Webhook endpoints: where webhooks go. */
export class Webhooks {
  readonly #api: Api;

  constructor(api: Api) {
    this.#api = api;
  }

  /** Registers an endpoint. Keep the `secret`: it is shown only here, and verifies the endpoint's webhooks. */
  async create(endpoint: NewWebhookEndpoint, options?: MakingOptions): Promise<WebhookEndpointWithSecret> {
    return this.#api.post('/v1/webhooks', endpoint, options);
  }

  /** Newest first. */
  list(filter: PageSize = {}, options?: CallOptions): Listing<WebhookEndpoint> {
    return this.#api.list('/v1/webhooks', filter, options);
  }

  async get(id: string, options?: CallOptions): Promise<WebhookEndpoint> {
    return this.#api.get(pathOf(id), options);
  }

  /** Changes the fields that are given. `{ active: true }` switches on what the system switched off. */
  async update(id: string, changes: WebhookEndpointChanges, options?: CallOptions): Promise<WebhookEndpoint> {
    return this.#api.patch(pathOf(id), changes, options);
  }

  async delete(id: string, options?: CallOptions): Promise<Deleted> {
    return this.#api.delete(pathOf(id), options);
  }

  /** Holds deliveries back; they wait. */
  async pause(id: string, options?: MakingOptions): Promise<WebhookEndpoint> {
    return this.#api.post(`${pathOf(id)}/pause`, undefined, options);
  }

  /** Lets waiting deliveries go. */
  async resume(id: string, options?: MakingOptions): Promise<WebhookEndpoint> {
    return this.#api.post(`${pathOf(id)}/resume`, undefined, options);
  }

  /** Makes a new secret, shown only here. The old one signs beside it for a day, or as long as `rotation` says. */
  async rotateSecret(
    id: string,
    rotation: SecretRotation = {},
    options?: MakingOptions,
  ): Promise<WebhookEndpointWithSecret> {
    return this.#api.post(`${pathOf(id)}/rotate-secret`, rotation, options);
  }

  /** Sends a sample, or one of each type, and tells what the endpoint answered. */
  async test(id: string, type?: TestedWebhook['type'], options?: MakingOptions): Promise<WebhookTestResult> {
    return this.#api.post(`${pathOf(id)}/test`, { type }, options);
  }

  /** How its webhooks fared in the last hour, day (unless told otherwise), week or month. */
  async stats(
    id: string,
    window?: WebhookEndpointStats['window'],
    options?: CallOptions,
  ): Promise<WebhookEndpointStats> {
    return this.#api.get(`${pathOf(id)}/stats`, options, { window });
  }
}

const pathOf = (id: string): string => `/v1/webhooks/${segmentOf(id)}`;

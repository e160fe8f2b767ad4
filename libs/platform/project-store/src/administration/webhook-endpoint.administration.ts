import { randomUUID } from 'node:crypto';
import type { WebhookType } from '@headrace/contracts';
import { newWebhookSecret, type SecretBox } from '@headrace/secrets';
import { IsNull, type DataSource, type Repository } from 'typeorm';
import { WebhookEndpointEntity } from '../entities/webhook-endpoint.entity.js';
import { WebhookSecretEntity } from '../entities/webhook-secret.entity.js';
import { purposes } from '../sealing.js';
import type { ConfigurationChanges } from './configuration-changes.js';
import { readPage, type Page, type PageRequest } from './page.js';
import { found, given, isId } from './refusals.js';

/** An endpoint as it is made. */
export interface NewWebhookEndpoint {
  readonly url: string;
  readonly description: string | null;
  /** Null: every type. */
  readonly events: WebhookType[] | null;
}

/** An endpoint with the secret that was just made for it: nobody can read it again. */
export interface EndpointWithSecret {
  readonly endpoint: WebhookEndpointEntity;
  readonly secret: string;
}

const noPolicies = {
  workflows: null,
  eventNames: null,
  payloadFilter: null,
  headers: null,
  retry: null,
  maxInFlight: null,
  rateLimitPerSecond: null,
  fifoKey: null,
};

/** Saves webhook endpoints. Every method throws `ChangeRefused` when the caller must mend something. */
export class WebhookEndpointAdministration {
  readonly #endpoints: Repository<WebhookEndpointEntity>;

  constructor(
    private readonly dataSource: DataSource,
    private readonly secretBox: SecretBox,
    private readonly changes: ConfigurationChanges,
  ) {
    this.#endpoints = dataSource.getRepository(WebhookEndpointEntity);
  }

  /** A new, active endpoint; its URL has been checked. */
  async create(projectId: string, endpoint: NewWebhookEndpoint): Promise<EndpointWithSecret> {
    const now = new Date();
    const entity: WebhookEndpointEntity = {
      ...noPolicies,
      ...endpoint,
      id: randomUUID(),
      projectId,
      active: true,
      disabledReason: null,
      pausedAt: null,
      failingSince: null,
      createdAt: now,
      updatedAt: now,
    };
    const { row, secret } = this.#newSecret(entity.id, now);
    await this.dataSource.transaction(async (manager) => {
      await manager.insert(WebhookEndpointEntity, entity);
      await manager.insert(WebhookSecretEntity, row);
    });
    this.changes.announce(projectId);
    return { endpoint: entity, secret };
  }

  /** An endpoint of a project. */
  async find(projectId: string, id: string): Promise<WebhookEndpointEntity> {
    return found(isId(id) ? await this.#endpoints.findOneBy({ projectId, id }) : null, 'webhook endpoint', id);
  }

  /** A project's endpoints, newest first. */
  list(projectId: string, page: PageRequest): Promise<Page<WebhookEndpointEntity>> {
    return readPage(this.#endpoints, { projectId }, page);
  }

  /** Changes what is given. Switching an endpoint on again forgets why it was off. */
  async update(
    projectId: string,
    id: string,
    changes: Partial<NewWebhookEndpoint> & { readonly active?: boolean },
  ): Promise<WebhookEndpointEntity> {
    const endpoint = await this.find(projectId, id);
    const { url, description, events, active } = changes;
    const patch = {
      ...given({ url, description, events, active }),
      ...(active === true ? { disabledReason: null } : {}),
      updatedAt: new Date(),
    };
    await this.#endpoints.update({ id: endpoint.id }, patch);
    this.changes.announce(projectId);
    return { ...endpoint, ...patch };
  }

  /** Switches an endpoint off because of what it answered (410, for one). An endpoint that is gone is left so. */
  async disable(projectId: string, id: string, reason: string): Promise<void> {
    if (!isId(id)) return;
    const off = { active: false, disabledReason: reason, updatedAt: new Date() };
    await this.#endpoints.update({ projectId, id, active: true }, off);
    this.changes.announce(projectId);
  }

  /** Removes an endpoint with its secrets, and gives its id. */
  async remove(projectId: string, id: string): Promise<string> {
    const endpoint = await this.find(projectId, id);
    await this.#endpoints.delete({ id: endpoint.id });
    this.changes.announce(projectId);
    return endpoint.id;
  }

  /**
   * A new secret; the current one signs beside it for `overlapMs` milliseconds, so that the receiver can change
   * over without losing a delivery.
   */
  async rotateSecret(projectId: string, id: string, overlapMs: number): Promise<EndpointWithSecret> {
    const endpoint = await this.find(projectId, id);
    const now = new Date();
    const { row, secret } = this.#newSecret(endpoint.id, now);
    await this.dataSource.transaction(async (manager) => {
      const until = new Date(now.getTime() + overlapMs);
      await manager.update(WebhookSecretEntity, { endpointId: endpoint.id, expiresAt: IsNull() }, { expiresAt: until });
      await manager.insert(WebhookSecretEntity, row);
      await manager.update(WebhookEndpointEntity, { id: endpoint.id }, { updatedAt: now });
    });
    this.changes.announce(projectId);
    return { endpoint: { ...endpoint, updatedAt: now }, secret };
  }

  #newSecret(endpointId: string, now: Date): { row: WebhookSecretEntity; secret: string } {
    const secret = newWebhookSecret();
    const sealed = this.secretBox.seal(purposes.webhookSecret(endpointId), secret);
    return { row: { id: randomUUID(), endpointId, secret: sealed, expiresAt: null, createdAt: now }, secret };
  }
}

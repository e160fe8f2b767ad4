import { randomUUID } from 'node:crypto';
import { newWebhookSecret, type SecretBox } from '@headrace/secrets';
import { IsNull, LessThan, Not, type DataSource, type FindOptionsWhere, type Repository } from 'typeorm';
import { WebhookEndpointEntity } from '../entities/webhook-endpoint.entity.js';
import { WebhookSecretEntity } from '../entities/webhook-secret.entity.js';
import { ChangeRefused } from '../project-store.errors.js';
import { purposes } from '../sealing.js';
import type { ConfigurationChanges } from './configuration-changes.js';
import { readPage, type Page, type PageRequest } from './page.js';
import { found, given, isId } from './refusals.js';
import {
  endpointDefaults,
  recordOf,
  sealHeaders,
  type WebhookEndpointDefinition,
  type WebhookEndpointRecord,
} from './webhook-endpoint.record.js';

/** An endpoint as it is made: what is left out has its default. */
export type NewWebhookEndpoint = Pick<WebhookEndpointDefinition, 'url'> & Partial<WebhookEndpointDefinition>;

/** What can be changed of an endpoint: what is undefined stays as it is. */
export type WebhookEndpointChanges = Partial<WebhookEndpointDefinition> & { readonly active?: boolean };

/** An endpoint with the secret that was just made for it: nobody can read it again. */
export interface EndpointWithSecret {
  readonly endpoint: WebhookEndpointRecord;
  readonly secret: string;
}

/** Each secret that is still good adds a signature to every webhook, and headers have a limit. */
const mostSecrets = 10;

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
  async create(projectId: string, { headers = null, ...endpoint }: NewWebhookEndpoint): Promise<EndpointWithSecret> {
    const now = new Date();
    const id = randomUUID();
    const entity: WebhookEndpointEntity = {
      ...endpointDefaults,
      ...given(endpoint),
      url: endpoint.url,
      headers: sealHeaders(this.secretBox, id, headers),
      id,
      projectId,
      active: true,
      disabledReason: null,
      pausedAt: null,
      failingSince: null,
      createdAt: now,
      updatedAt: now,
    };
    const { row, secret } = this.#newSecret(id, now);
    await this.dataSource.transaction(async (manager) => {
      await manager.insert(WebhookEndpointEntity, entity);
      await manager.insert(WebhookSecretEntity, row);
    });
    this.changes.announce(projectId);
    return { endpoint: this.#record(entity), secret };
  }

  /** An endpoint of a project. */
  async find(projectId: string, id: string): Promise<WebhookEndpointRecord> {
    const entity = isId(id) ? await this.#endpoints.findOneBy({ projectId, id }) : null;
    return this.#record(found(entity, 'webhook endpoint', id));
  }

  /** A project's endpoints, newest first. */
  async list(projectId: string, page: PageRequest): Promise<Page<WebhookEndpointRecord>> {
    const { items, next } = await readPage(this.#endpoints, { projectId }, page);
    return { items: items.map((entity) => this.#record(entity)), next };
  }

  /**
   * Changes what is given; headers are replaced all at once. Switching an endpoint on again forgets why it was off,
   * and with a new URL the failures of the old one no longer count.
   */
  async update(projectId: string, id: string, changes: WebhookEndpointChanges): Promise<WebhookEndpointRecord> {
    const endpoint = await this.find(projectId, id);
    const { headers, ...columns } = changes;
    const isMoved = columns.url !== undefined && columns.url !== endpoint.url;
    await this.#endpoints.update(
      { id: endpoint.id },
      {
        ...given(columns),
        ...(headers === undefined ? {} : { headers: sealHeaders(this.secretBox, endpoint.id, headers) }),
        ...(columns.active === true ? { disabledReason: null } : {}),
        ...(columns.active === true || isMoved ? { failingSince: null } : {}),
        updatedAt: new Date(),
      },
    );
    this.changes.announce(projectId);
    return this.find(projectId, endpoint.id);
  }

  /**
   * Holds deliveries to an endpoint back; they wait. One that is paused already stays paused since then. Failures of
   * before no longer count: while it is paused it cannot show that it has recovered.
   */
  async pause(projectId: string, id: string): Promise<WebhookEndpointRecord> {
    await this.#changeIf(
      projectId,
      { id, pausedAt: IsNull() },
      {
        pausedAt: new Date(),
        failingSince: null,
        updatedAt: new Date(),
      },
    );
    return this.find(projectId, id);
  }

  /** Lets deliveries go again. One that is not paused is left as it is. */
  async resume(projectId: string, id: string): Promise<WebhookEndpointRecord> {
    await this.#changeIf(
      projectId,
      { id, pausedAt: Not(IsNull()) },
      {
        pausedAt: null,
        failingSince: null,
        updatedAt: new Date(),
      },
    );
    return this.find(projectId, id);
  }

  /**
   * Switches an endpoint off because of what it answered (410, for one). Resolves to whether this call did it: one
   * that is off or gone is left so.
   */
  disable(projectId: string, id: string, reason: string): Promise<boolean> {
    const off = { active: false, disabledReason: reason, updatedAt: new Date() };
    return this.#changeIf(projectId, { id, active: true }, off);
  }

  /** Notes since when nothing but failures has come from an endpoint. Resolves to whether that is news. */
  noteFailing(projectId: string, id: string, at: Date): Promise<boolean> {
    return this.#changeIf(projectId, { id, failingSince: IsNull() }, { failingSince: at });
  }

  /** Notes that an endpoint took a webhook. Resolves to whether that is news. */
  noteHealthy(projectId: string, id: string): Promise<boolean> {
    return this.#changeIf(projectId, { id, failingSince: Not(IsNull()) }, { failingSince: null });
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
   * over without losing a delivery. Failures of before, which may have come from a wrong secret, no longer count.
   */
  async rotateSecret(projectId: string, id: string, overlapMs: number): Promise<EndpointWithSecret> {
    const endpoint = await this.find(projectId, id);
    const now = new Date();
    const { row, secret } = this.#newSecret(endpoint.id, now);
    await this.dataSource.transaction(async (manager) => {
      // First of all: rotations at the same time follow one another, so that one secret stays the current one.
      await manager.update(WebhookEndpointEntity, { id: endpoint.id }, { failingSince: null, updatedAt: now });
      const secrets = { endpointId: endpoint.id };
      await manager.delete(WebhookSecretEntity, { ...secrets, expiresAt: LessThan(now) });
      if ((await manager.countBy(WebhookSecretEntity, secrets)) >= mostSecrets) throw tooManySecrets();
      const until = new Date(now.getTime() + overlapMs);
      await manager.update(WebhookSecretEntity, { ...secrets, expiresAt: IsNull() }, { expiresAt: until });
      await manager.insert(WebhookSecretEntity, row);
    });
    this.changes.announce(projectId);
    return { endpoint: { ...endpoint, failingSince: null, updatedAt: now }, secret };
  }

  /** Changes an endpoint if it is as `where` says, and announces it then only; says whether it was. */
  async #changeIf(
    projectId: string,
    where: FindOptionsWhere<WebhookEndpointEntity> & { readonly id: string },
    patch: Partial<
      Pick<WebhookEndpointEntity, 'active' | 'disabledReason' | 'pausedAt' | 'failingSince' | 'updatedAt'>
    >,
  ): Promise<boolean> {
    if (!isId(where.id)) return false;
    const { affected } = await this.#endpoints.update({ ...where, projectId }, patch);
    if (!affected) return false;
    this.changes.announce(projectId);
    return true;
  }

  #record(entity: WebhookEndpointEntity): WebhookEndpointRecord {
    return recordOf(entity, this.secretBox);
  }

  #newSecret(endpointId: string, now: Date): { row: WebhookSecretEntity; secret: string } {
    const secret = newWebhookSecret();
    const sealed = this.secretBox.seal(purposes.webhookSecret(endpointId), secret);
    return { row: { id: randomUUID(), endpointId, secret: sealed, expiresAt: null, createdAt: now }, secret };
  }
}

function tooManySecrets(): ChangeRefused {
  const message =
    `The endpoint has ${mostSecrets} secrets that are still good, and each adds a signature to every webhook. ` +
    'Wait until the overlap of an earlier rotation is over.';
  return new ChangeRefused('conflict', message);
}

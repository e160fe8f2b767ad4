import { randomUUID } from 'node:crypto';
import { hashApiKey, newApiKey, shownPrefixOf } from '@headrace/secrets';
import type { DataSource, Repository } from 'typeorm';
import { ApiKeyEntity } from '../entities/api-key.entity.js';
import type { ConfigurationChanges } from './configuration-changes.js';
import { readPage, type Page, type PageRequest } from './page.js';
import { found, isId, refusingDuplicates } from './refusals.js';

const dayMs = 86_400_000;

/** A key to be made. */
export interface NewApiKey {
  readonly name: string;
  /** Null: never. */
  readonly expiresInDays: number | null;
  /** A key string that exists already, to be taken over; left out, a new one is made. */
  readonly value?: string;
}

/** Makes and revokes API keys. Every method throws `ChangeRefused` when the caller must mend something. */
export class ApiKeyAdministration {
  readonly #keys: Repository<ApiKeyEntity>;

  constructor(
    dataSource: DataSource,
    private readonly changes: ConfigurationChanges,
  ) {
    this.#keys = dataSource.getRepository(ApiKeyEntity);
  }

  /** A new key of a project. `value` is the key itself: nobody can read it again. */
  async create(projectId: string, key: NewApiKey): Promise<{ readonly key: ApiKeyEntity; readonly value: string }> {
    const value = key.value ?? newApiKey();
    const now = Date.now();
    const saving = this.#keys.insert({
      id: randomUUID(),
      projectId,
      name: key.name,
      hash: hashApiKey(value),
      prefix: shownPrefixOf(value),
      expiresAt: key.expiresInDays === null ? null : new Date(now + key.expiresInDays * dayMs),
      lastUsedAt: null,
      revokedAt: null,
      createdAt: new Date(now),
    });
    const { identifiers } = await refusingDuplicates(saving, 'key', 'This key exists already. Choose another value.');
    this.changes.announce(projectId);
    return { key: await this.find(projectId, String(identifiers[0]?.['id'])), value };
  }

  /** A key of a project, by its id. */
  async find(projectId: string, id: string): Promise<ApiKeyEntity> {
    return found(isId(id) ? await this.#keys.findOneBy({ projectId, id }) : null, 'API key', id);
  }

  /** A project's keys, newest first, revoked ones too. */
  list(projectId: string, page: PageRequest): Promise<Page<ApiKeyEntity>> {
    return readPage(this.#keys, { projectId }, page);
  }

  /** Ends a key at once, in every process. Revoking it again changes nothing. */
  async revoke(projectId: string, id: string): Promise<ApiKeyEntity> {
    const key = await this.find(projectId, id);
    if (key.revokedAt === null) {
      key.revokedAt = new Date();
      await this.#keys.update({ id: key.id }, { revokedAt: key.revokedAt });
    }
    this.changes.announce(projectId);
    return key;
  }
}

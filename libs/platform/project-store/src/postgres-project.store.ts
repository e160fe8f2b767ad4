import type { ConfigurationNotices } from '@headrace/event-log';
import { hashApiKey, type SecretBox } from '@headrace/secrets';
import { isDatabaseUnavailable } from '@headrace/postgres';
import { Logger } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { ApiKeyEntity } from './entities/api-key.entity.js';
import { KeyUsage } from './key-usage.js';
import { loadProject } from './load-project.js';
import { ProjectStore, type AuthenticatedKey, type ProjectConfiguration } from './project-configuration.js';
import { ProjectStoreUnavailable } from './project-store.errors.js';
import type { ProjectStoreSettings } from './project-store.settings.js';
import { RefreshingCache } from './refreshing-cache.js';

interface KnownKey {
  readonly owner: AuthenticatedKey;
  /** Milliseconds since 1970; null: never. */
  readonly expiresAt: number | null;
}

const limits = { absentTtlMs: 5_000, capacity: 10_000, patienceMs: 500, retryMs: 1_000 } as const;

/** Postgres being away is told this often, not with each request. */
const complaintIntervalMs = 30_000;

/** Only ids of this form are in the database; anything else would be an error of the query. */
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * The projects' configuration out of Postgres, held in memory. A request costs no query once its project and key
 * are known; when Postgres is away, what was known stays good.
 *
 * A key is found by its SHA-256, so the time of the look-up tells nothing about any key.
 */
export class PostgresProjectStore extends ProjectStore {
  readonly #log = new Logger('ProjectStore');
  readonly #keys: RefreshingCache<KnownKey>;
  readonly #projects: RefreshingCache<ProjectConfiguration>;
  readonly #usage: KeyUsage;
  readonly #subscription: { close(): void };
  #complainedAt = -Infinity;

  constructor(
    private readonly dataSource: DataSource,
    secretBox: SecretBox,
    notices: ConfigurationNotices,
    { configurationTtlMs: ttlMs }: ProjectStoreSettings,
  ) {
    super();
    const options = { ...limits, ttlMs, onStale: (error: unknown) => this.#complain(error) };
    this.#keys = new RefreshingCache({ ...options, load: (hash) => available(this.#loadKey(hash)) });
    this.#projects = new RefreshingCache({
      ...options,
      load: (id) => available(loadProject(dataSource, secretBox, id)),
    });
    this.#usage = new KeyUsage(dataSource);
    this.#subscription = notices.listen((project) => this.forget(project));
  }

  override async authenticate(apiKey: string): Promise<AuthenticatedKey | undefined> {
    const known = await this.#keys.get(hashApiKey(apiKey));
    // The clock is asked at each use: a key may expire while it is held in memory.
    if (!known || (known.expiresAt !== null && known.expiresAt <= Date.now())) return undefined;
    this.#usage.note(known.owner.keyId);
    return known.owner;
  }

  override async project(projectId: string): Promise<ProjectConfiguration | undefined> {
    return uuid.test(projectId) ? this.#projects.get(projectId) : undefined;
  }

  /** Reads a project and its keys again at their next use. */
  forget(projectId: string): void {
    this.#projects.drop(({ id }) => id === projectId);
    this.#keys.drop(({ owner }) => owner.projectId === projectId);
  }

  /** Stops listening and writes the keys' last uses. */
  async onModuleDestroy(): Promise<void> {
    this.#subscription.close();
    await this.#usage.close();
  }

  /** A revoked key is no key; an expired one is, until the clock is asked. */
  async #loadKey(hash: string): Promise<KnownKey | undefined> {
    const key = await this.dataSource.manager.findOneBy(ApiKeyEntity, { hash });
    if (!key || key.revokedAt !== null) return undefined;
    return {
      owner: { keyId: key.id, projectId: key.projectId },
      expiresAt: key.expiresAt?.getTime() ?? null,
    };
  }

  #complain(error: unknown): void {
    const now = performance.now();
    if (now - this.#complainedAt < complaintIntervalMs) return;
    this.#complainedAt = now;
    this.#log.warn(`Configuration cannot be read again; the last known one stays in use: ${String(error)}`);
  }
}

async function available<Value>(loading: Promise<Value>): Promise<Value> {
  try {
    return await loading;
  } catch (error) {
    throw isDatabaseUnavailable(error) ? new ProjectStoreUnavailable(error) : error;
  }
}

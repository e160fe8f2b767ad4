import { randomUUID } from 'node:crypto';
import type { Budget, RateLimits, RetrySetting } from '@headrace/contracts';
import { newWebhookSecret, type SecretBox } from '@headrace/secrets';
import type { DataSource, Repository } from 'typeorm';
import { ProjectEntity } from '../entities/project.entity.js';
import { ChangeRefused } from '../project-store.errors.js';
import { purposes } from '../sealing.js';
import type { ConfigurationChanges } from './configuration-changes.js';
import { readPage, type Page, type PageRequest } from './page.js';
import { given, isId } from './refusals.js';

/** What can be changed of a project. */
export interface ProjectChanges {
  readonly name?: string;
  readonly active?: boolean;
  readonly publicReconnect?: boolean;
  /** Null: the documented schedule. */
  readonly retry?: RetrySetting | null;
  /** Null: none. */
  readonly rateLimits?: RateLimits | null;
  readonly budgets?: readonly Budget[];
}

/** A project as it is made. */
export type NewProject = Omit<ProjectChanges, 'active' | 'rateLimits' | 'budgets'> & { readonly name: string };

/** Creates and changes projects. Every method throws `ChangeRefused` when the caller must mend something. */
export class ProjectAdministration {
  readonly #projects: Repository<ProjectEntity>;

  constructor(
    dataSource: DataSource,
    private readonly secretBox: SecretBox,
    private readonly changes: ConfigurationChanges,
  ) {
    this.#projects = dataSource.getRepository(ProjectEntity);
  }

  /** A new, active project with a signing secret of its own. It has no API key yet. */
  async create(project: NewProject): Promise<ProjectEntity> {
    const id = randomUUID();
    const now = new Date();
    const created = await this.#projects.save({
      id,
      name: project.name,
      active: true,
      signingSecret: this.secretBox.seal(purposes.projectSigningSecret(id), newWebhookSecret()),
      publicReconnect: project.publicReconnect ?? false,
      retry: project.retry ?? null,
      rateLimits: null,
      budgets: null,
      createdAt: now,
      updatedAt: now,
    });
    this.changes.announce(id);
    return created;
  }

  /** A new signing secret, at once: nobody can read it again, and the old one signs nothing more. */
  async rotateSigningSecret(id: string): Promise<string> {
    const project = await this.find(id);
    const secret = newWebhookSecret();
    const signingSecret = this.secretBox.seal(purposes.projectSigningSecret(project.id), secret);
    await this.#projects.update({ id: project.id }, { signingSecret, updatedAt: new Date() });
    this.changes.announce(project.id);
    return secret;
  }

  /** A project. */
  async find(id: string): Promise<ProjectEntity> {
    const project = isId(id) ? await this.#projects.findOneBy({ id }) : null;
    if (!project) throw new ChangeRefused('not_found', `There is no project "${id}".`);
    return project;
  }

  /** Every project, newest first. */
  list(page: PageRequest): Promise<Page<ProjectEntity>> {
    return readPage(this.#projects, {}, page);
  }

  /** Changes what is given. An inactive project keeps everything; its keys answer 403. */
  async update(id: string, changes: ProjectChanges): Promise<ProjectEntity> {
    const project = await this.find(id);
    const { name, active, publicReconnect, retry, rateLimits, budgets } = changes;
    const patch = { ...given({ name, active, publicReconnect, retry, rateLimits, budgets }), updatedAt: new Date() };
    await this.#projects.update({ id: project.id }, patch);
    this.changes.announce(project.id);
    return { ...project, ...patch };
  }
}

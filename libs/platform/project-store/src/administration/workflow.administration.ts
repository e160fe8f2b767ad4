import { randomUUID } from 'node:crypto';
import type { DataSource, EntityManager, Repository } from 'typeorm';
import { StructuredOutputEntity } from '../entities/structured-output.entity.js';
import { WorkflowVersionEntity } from '../entities/workflow-version.entity.js';
import { WorkflowEntity } from '../entities/workflow.entity.js';
import { ChangeRefused } from '../project-store.errors.js';
import { definitionOf, workflowDefaults, type WorkflowDefinition } from '../workflow-definition.js';
import type { ConfigurationChanges } from './configuration-changes.js';
import { readPage, type Page, type PageRequest } from './page.js';
import { found, given, isId, refusingDuplicates } from './refusals.js';

/** A workflow to be made: the rest is `workflowDefaults`. */
export type NewWorkflow = Pick<WorkflowDefinition, 'name' | 'provider' | 'model'> & Partial<WorkflowDefinition>;

/** Saves workflows and their history. Every method throws `ChangeRefused` when the caller must mend something. */
export class WorkflowAdministration {
  readonly #workflows: Repository<WorkflowEntity>;

  constructor(
    private readonly dataSource: DataSource,
    private readonly changes: ConfigurationChanges,
  ) {
    this.#workflows = dataSource.getRepository(WorkflowEntity);
  }

  /** A new workflow, version 1. `actor` is who made it, for the history. */
  async create(projectId: string, workflow: NewWorkflow, actor: string): Promise<WorkflowEntity> {
    const now = new Date();
    const definition = definitionOf({ ...workflowDefaults, ...given(workflow), ...required(workflow) });
    const entity = { id: randomUUID(), projectId, ...definition, version: 1, createdAt: now, updatedAt: now };
    return this.#store(entity, actor, (manager) => manager.insert(WorkflowEntity, entity));
  }

  /** A workflow of a project, by id or name. */
  async find(projectId: string, idOrName: string): Promise<WorkflowEntity> {
    const byId = isId(idOrName) ? await this.#workflows.findOneBy({ projectId, id: idOrName }) : null;
    return found(byId ?? (await this.#workflows.findOneBy({ projectId, name: idOrName })), 'workflow', idOrName);
  }

  /** A project's workflows, newest first; with a `name` at most the one of that name. */
  list(projectId: string, page: PageRequest, name?: string): Promise<Page<WorkflowEntity>> {
    return readPage(this.#workflows, name === undefined ? { projectId } : { projectId, name }, page);
  }

  /** Changes what is given, as a new version, for all requests that are accepted from now on. */
  async update(
    projectId: string,
    idOrName: string,
    changes: Partial<WorkflowDefinition>,
    actor: string,
  ): Promise<WorkflowEntity> {
    const { id } = await this.find(projectId, idOrName);
    return this.dataSource
      .transaction(async (manager) => {
        // The lock makes concurrent changes follow one another, so that each has a version of its own.
        const lock = { mode: 'pessimistic_write' } as const;
        const current = found(await manager.findOne(WorkflowEntity, { where: { id }, lock }), 'workflow', idOrName);
        const definition = definitionOf({ ...definitionOf(current), ...given(changes) });
        const entity = { ...current, ...definition, version: current.version + 1, updatedAt: new Date() };
        return this.#write(manager, entity, actor, () => manager.save(WorkflowEntity, entity));
      })
      .then((entity) => this.#announced(entity));
  }

  /** Removes a workflow with its history and gives its id. Requests that were accepted before are not touched. */
  async remove(projectId: string, idOrName: string): Promise<string> {
    const { id } = await this.find(projectId, idOrName);
    await this.#workflows.delete({ id });
    this.changes.announce(projectId);
    return id;
  }

  /** Every version of a workflow, newest first. */
  async versions(projectId: string, idOrName: string): Promise<WorkflowVersionEntity[]> {
    const { id } = await this.find(projectId, idOrName);
    const versions = this.dataSource.getRepository(WorkflowVersionEntity);
    return versions.find({ where: { workflowId: id }, order: { number: 'DESC' }, take: 100 });
  }

  async #store(
    entity: WorkflowEntity,
    actor: string,
    save: (manager: EntityManager) => Promise<unknown>,
  ): Promise<WorkflowEntity> {
    await this.dataSource.transaction((manager) => this.#write(manager, entity, actor, () => save(manager)));
    return this.#announced(entity);
  }

  async #write(
    manager: EntityManager,
    entity: WorkflowEntity,
    actor: string,
    save: () => Promise<unknown>,
  ): Promise<WorkflowEntity> {
    await requireOutput(manager, entity);
    const taken = `A workflow named "${entity.name}" exists already. Choose another name, or change that one.`;
    await refusingDuplicates(save(), 'name', taken);
    await manager.insert(WorkflowVersionEntity, {
      workflowId: entity.id,
      number: entity.version,
      definition: definitionOf(entity),
      actor,
      changedAt: entity.updatedAt,
    });
    return entity;
  }

  #announced(entity: WorkflowEntity): WorkflowEntity {
    this.changes.announce(entity.projectId);
    return entity;
  }
}

/** A structured output of another project must not be used, and must look as if it did not exist. */
async function requireOutput(manager: EntityManager, workflow: WorkflowEntity): Promise<void> {
  const { projectId, structuredOutputId: id } = workflow;
  if (id === null || (isId(id) && (await manager.existsBy(StructuredOutputEntity, { projectId, id })))) return;
  const message = `structured_output_id: there is no structured output "${id}" in this project.`;
  throw new ChangeRefused('invalid', message, 'structured_output_id');
}

const required = ({ name, provider, model }: NewWorkflow) => ({ name, provider, model });

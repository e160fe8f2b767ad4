import { randomUUID } from 'node:crypto';
import type { DataSource, EntityManager, Repository } from 'typeorm';
import { StructuredOutputEntity } from '../entities/structured-output.entity.js';
import { WorkflowEntity } from '../entities/workflow.entity.js';
import { ChangeRefused } from '../project-store.errors.js';
import { definitionOf, workflowDefaults, type WorkflowDefinition } from '../workflow-definition.js';
import type { ConfigurationChanges } from './configuration-changes.js';
import { readPage, type Page, type PageRequest } from './page.js';
import { found, given, isId, refusingDuplicates } from './refusals.js';
import {
  keepVersion,
  readVersion,
  readVersions,
  type ChangeOrigin,
  type VersionPage,
  type WorkflowVersion,
} from './workflow-history.js';

/** A workflow to be made: the rest is `workflowDefaults`. */
export type NewWorkflow = Pick<WorkflowDefinition, 'name' | 'provider' | 'model'> & Partial<WorkflowDefinition>;

/** Judges a workflow as it would be after a change; throws when it must not be so. */
export type WorkflowCheck = (definition: WorkflowDefinition) => void;

/** What a change makes of a workflow. */
type Next = (current: WorkflowEntity, manager: EntityManager) => Promise<NextDefinition> | NextDefinition;
type NextDefinition = { readonly definition: WorkflowDefinition; readonly restoredFrom: number | null };

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
  async create(
    projectId: string,
    workflow: NewWorkflow,
    actor: string,
    check?: WorkflowCheck,
  ): Promise<WorkflowEntity> {
    const now = new Date();
    const definition = definitionOf({ ...workflowDefaults, ...given(workflow), ...required(workflow) });
    check?.(definition);
    const entity = { id: randomUUID(), projectId, ...definition, version: 1, createdAt: now, updatedAt: now };
    await this.dataSource.transaction((manager) =>
      write(manager, entity, { actor, restoredFrom: null }, () => manager.insert(WorkflowEntity, entity)),
    );
    this.changes.announce(projectId);
    return entity;
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
  update(
    projectId: string,
    idOrName: string,
    changes: Partial<WorkflowDefinition>,
    actor: string,
    check?: WorkflowCheck,
  ): Promise<WorkflowEntity> {
    return this.#change(projectId, idOrName, actor, (current) => {
      const definition = definitionOf({ ...definitionOf(current), ...given(changes) });
      check?.(definition);
      return { definition, restoredFrom: null };
    });
  }

  /**
   * Makes a workflow what it was in one of its versions, as a new version. It keeps its present name, by which
   * clients call it.
   */
  restore(
    projectId: string,
    idOrName: string,
    version: number,
    actor: string,
    check?: WorkflowCheck,
  ): Promise<WorkflowEntity> {
    return this.#change(projectId, idOrName, actor, async (current, manager) => {
      const { definition: earlier } = await readVersion(manager, current, version);
      const definition = { ...earlier, name: current.name };
      check?.(definition);
      return { definition, restoredFrom: version };
    });
  }

  /** Removes a workflow with its history and gives its id. Requests that were accepted before are not touched. */
  async remove(projectId: string, idOrName: string): Promise<string> {
    const { id } = await this.find(projectId, idOrName);
    await this.#workflows.delete({ id });
    this.changes.announce(projectId);
    return id;
  }

  /** Versions of a workflow, newest first, as far as they are kept. */
  async versions(projectId: string, idOrName: string, page: VersionPage): Promise<WorkflowVersion[]> {
    const { id } = await this.find(projectId, idOrName);
    return readVersions(this.dataSource.manager, id, page);
  }

  /** One version of a workflow. */
  async version(projectId: string, idOrName: string, number: number): Promise<WorkflowVersion> {
    return readVersion(this.dataSource.manager, await this.find(projectId, idOrName), number);
  }

  async #change(projectId: string, idOrName: string, actor: string, next: Next): Promise<WorkflowEntity> {
    const { id } = await this.find(projectId, idOrName);
    const entity = await this.dataSource.transaction(async (manager) => {
      // The lock makes concurrent changes follow one another, so that each has a version of its own.
      const lock = { mode: 'pessimistic_write' } as const;
      const current = found(await manager.findOne(WorkflowEntity, { where: { id }, lock }), 'workflow', idOrName);
      const { definition, restoredFrom } = await next(current, manager);
      if (isSame(definition, current)) return current;
      const changed = { ...current, ...definition, version: current.version + 1, updatedAt: new Date() };
      await write(manager, changed, { actor, restoredFrom }, () => manager.save(WorkflowEntity, changed));
      return changed;
    });
    this.changes.announce(projectId);
    return entity;
  }
}

async function write(
  manager: EntityManager,
  entity: WorkflowEntity,
  origin: ChangeOrigin,
  save: () => Promise<unknown>,
): Promise<void> {
  await requireOutput(manager, entity);
  const taken = `A workflow named "${entity.name}" exists already. Choose another name, or change that one.`;
  await refusingDuplicates(save(), 'name', taken);
  await keepVersion(manager, entity, origin);
}

/** A structured output of another project must not be used, and must look as if it did not exist. */
async function requireOutput(manager: EntityManager, workflow: WorkflowEntity): Promise<void> {
  const { projectId, structuredOutputId: id } = workflow;
  if (id === null || (isId(id) && (await manager.existsBy(StructuredOutputEntity, { projectId, id })))) return;
  const message = `structured_output_id: there is no structured output "${id}" in this project.`;
  throw new ChangeRefused('invalid', message, 'structured_output_id');
}

/** A change that changes nothing makes no version. */
const isSame = (one: WorkflowDefinition, other: WorkflowDefinition): boolean =>
  JSON.stringify(definitionOf(one)) === JSON.stringify(definitionOf(other));

const required = ({ name, provider, model }: NewWorkflow) => ({ name, provider, model });

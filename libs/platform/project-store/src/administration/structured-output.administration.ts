import { randomUUID } from 'node:crypto';
import type { Json, JsonObject } from '@headrace/contracts';
import { isForeignKeyViolation } from '@headrace/postgres';
import type { DataSource, Repository } from 'typeorm';
import { StructuredOutputEntity } from '../entities/structured-output.entity.js';
import { WorkflowEntity } from '../entities/workflow.entity.js';
import { ChangeRefused } from '../project-store.errors.js';
import type { ConfigurationChanges } from './configuration-changes.js';
import { readPage, type Page, type PageRequest } from './page.js';
import { found, given, isId, refusingDuplicates } from './refusals.js';

/** A structured output as it is made. */
export interface NewStructuredOutput {
  readonly name: string;
  readonly schema: JsonObject;
  readonly sampleData: Json | null;
}

/** Saves structured outputs. Every method throws `ChangeRefused` when the caller must mend something. */
export class StructuredOutputAdministration {
  readonly #outputs: Repository<StructuredOutputEntity>;

  constructor(
    private readonly dataSource: DataSource,
    private readonly changes: ConfigurationChanges,
  ) {
    this.#outputs = dataSource.getRepository(StructuredOutputEntity);
  }

  /** A new structured output; its schema has been checked. */
  async create(projectId: string, output: NewStructuredOutput): Promise<StructuredOutputEntity> {
    const now = new Date();
    const entity = { id: randomUUID(), projectId, ...output, createdAt: now, updatedAt: now };
    await refusingDuplicates(this.#outputs.insert(entity), 'name', nameTaken(output.name));
    this.changes.announce(projectId);
    return entity;
  }

  /** A structured output of a project, by id or name. */
  async find(projectId: string, idOrName: string): Promise<StructuredOutputEntity> {
    const byId = isId(idOrName) ? await this.#outputs.findOneBy({ projectId, id: idOrName }) : null;
    return found(byId ?? (await this.#outputs.findOneBy({ projectId, name: idOrName })), 'structured output', idOrName);
  }

  /** A project's structured outputs, newest first. */
  list(projectId: string, page: PageRequest): Promise<Page<StructuredOutputEntity>> {
    return readPage(this.#outputs, { projectId }, page);
  }

  /** Changes what is given, for all requests from now on. `check` throws when it must not be what it would be then. */
  async update(
    projectId: string,
    idOrName: string,
    changes: Partial<NewStructuredOutput>,
    check?: (output: NewStructuredOutput) => void,
  ): Promise<StructuredOutputEntity> {
    const output = await this.find(projectId, idOrName);
    const { name, schema, sampleData } = changes;
    const changed = { ...output, ...given({ name, schema, sampleData }), updatedAt: new Date() };
    check?.(changed as NewStructuredOutput);
    await refusingDuplicates(this.#outputs.save(changed), 'name', nameTaken(changed.name));
    this.changes.announce(projectId);
    return changed;
  }

  /** Removes a structured output that no workflow uses, and gives its id. */
  async remove(projectId: string, idOrName: string): Promise<string> {
    const output = await this.find(projectId, idOrName);
    try {
      await this.#outputs.delete({ id: output.id });
    } catch (error) {
      throw isForeignKeyViolation(error) ? await this.#inUse(output) : error;
    }
    this.changes.announce(projectId);
    return output.id;
  }

  async #inUse(output: StructuredOutputEntity): Promise<ChangeRefused> {
    const workflows = await this.dataSource.getRepository(WorkflowEntity).find({
      select: { id: true, name: true },
      where: { structuredOutputId: output.id },
      order: { name: 'ASC' },
      take: 5,
    });
    const names = workflows.map(({ name }) => `"${name}"`).join(', ');
    return new ChangeRefused(
      'conflict',
      `The structured output "${output.name}" is used by the workflow ${names}. Take it out there first.`,
    );
  }
}

const nameTaken = (name: string): string =>
  `A structured output named "${name}" exists already. Choose another name, or change that one.`;

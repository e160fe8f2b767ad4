import type { CallOptions, MakingOptions } from '../options.js';
import type { Listing } from '../page.js';
import type { Api } from '../transport/api.js';
import { segmentOf } from '../transport/segment.js';
import type {
  NewStructuredOutput,
  StructuredOutput,
  StructuredOutputChanges,
} from '../types/api/structured-outputs.js';
import type { WorkflowDiff, WorkflowVersion } from '../types/api/workflow-versions.js';
import type { Deleted, NewWorkflow, Workflow, WorkflowChanges } from '../types/api/workflows.js';
import type { PageSize } from '../types/views.js';

/** Which workflows are wanted. */
export interface WorkflowFilter extends PageSize {
  readonly name?: string;
}

/** Saved workflows, by id or name. A changed one holds for requests from then on. */
export class Workflows {
  readonly #api: Api;

  constructor(api: Api) {
    this.#api = api;
  }

  async create(workflow: NewWorkflow, options?: MakingOptions): Promise<Workflow> {
    return this.#api.post('/v1/workflows', workflow, options);
  }

  /** Newest first. */
  list(filter: WorkflowFilter = {}, options?: CallOptions): Listing<Workflow> {
    return this.#api.list('/v1/workflows', filter, options);
  }

  async get(idOrName: string, options?: CallOptions): Promise<Workflow> {
    return this.#api.get(pathOf(idOrName), options);
  }

  /** Changes the fields that are given; null stands for a field's default. */
  async update(idOrName: string, changes: WorkflowChanges, options?: CallOptions): Promise<Workflow> {
    return this.#api.patch(pathOf(idOrName), changes, options);
  }

  async delete(idOrName: string, options?: CallOptions): Promise<Deleted> {
    return this.#api.delete(pathOf(idOrName), options);
  }

  /** Newest first. */
  versions(idOrName: string, filter: PageSize = {}, options?: CallOptions): Listing<WorkflowVersion> {
    return this.#api.list(`${pathOf(idOrName)}/versions`, filter, options);
  }

  async version(idOrName: string, version: number, options?: CallOptions): Promise<WorkflowVersion> {
    return this.#api.get(`${pathOf(idOrName)}/versions/${segmentOf(String(version))}`, options);
  }

  /** What changed from one version to another. */
  async diff(idOrName: string, from: number, to: number, options?: CallOptions): Promise<WorkflowDiff> {
    const path = `${pathOf(idOrName)}/versions/${segmentOf(String(from))}/diff/${segmentOf(String(to))}`;
    return this.#api.get(path, options);
  }

  /** Makes it what it was in an earlier version, as a new one. */
  async rollback(idOrName: string, version: number, options?: MakingOptions): Promise<Workflow> {
    return this.#api.post(`${pathOf(idOrName)}/rollback`, { version }, options);
  }
}

const pathOf = (idOrName: string): string => `/v1/workflows/${segmentOf(idOrName)}`;

/** Saved schemas that answers have to fit, by id or name. */
export class StructuredOutputs {
  readonly #api: Api;

  constructor(api: Api) {
    this.#api = api;
  }

  async create(output: NewStructuredOutput, options?: MakingOptions): Promise<StructuredOutput> {
    return this.#api.post('/v1/structured-outputs', output, options);
  }

  /** Newest first. */
  list(filter: PageSize = {}, options?: CallOptions): Listing<StructuredOutput> {
    return this.#api.list('/v1/structured-outputs', filter, options);
  }

  async get(idOrName: string, options?: CallOptions): Promise<StructuredOutput> {
    return this.#api.get(outputPathOf(idOrName), options);
  }

  async update(idOrName: string, changes: StructuredOutputChanges, options?: CallOptions): Promise<StructuredOutput> {
    return this.#api.patch(outputPathOf(idOrName), changes, options);
  }

  /** `ConflictError` while a workflow uses it. */
  async delete(idOrName: string, options?: CallOptions): Promise<Deleted> {
    return this.#api.delete(outputPathOf(idOrName), options);
  }
}

const outputPathOf = (idOrName: string): string => `/v1/structured-outputs/${segmentOf(idOrName)}`;

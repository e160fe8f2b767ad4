import { ProjectStore, type AuthenticatedKey, type ProjectConfiguration, type Workflow } from '@headrace/project-store';
import { aBareProject } from '@headrace/project-store/testing';

/** A project id as they are made. */
export const projectId = '0198d6a0-0000-7000-8000-000000000001';

/** A saved workflow; standard unless an `eventName` is given. */
export function aWorkflow(overrides: Partial<Workflow> = {}): Workflow {
  return {
    id: '0198d6a0-0000-7000-8000-0000000000aa',
    version: 1,
    name: 'demo',
    description: null,
    provider: 'offline',
    model: 'any',
    fallbacks: [],
    timeoutMs: 60_000,
    retry: null,
    repairAttempts: 1,
    maxConcurrent: null,
    priority: 'normal',
    expiresAfterSeconds: null,
    cacheSeconds: null,
    stream: null,
    maxToolRounds: 8,
    reminderSeconds: null,
    systemInstructions: null,
    structuredOutput: null,
    cacheFields: [],
    eventName: null,
    callbackTimeoutSeconds: 300,
    mode: 'production',
    testDelayMs: 0,
    offlineFallback: false,
    parameters: {},
    ...overrides,
  };
}

/** An active project with the given workflows. */
export function aProject(
  overrides: Partial<ProjectConfiguration> = {},
  workflows = [aWorkflow()],
): ProjectConfiguration {
  return aBareProject({
    id: projectId,
    workflows: new Map(workflows.map((workflow) => [workflow.name, workflow])),
    ...overrides,
  });
}

/** Projects and their keys, in memory. The key of a project is `key-<project id>`. */
export class ProjectsInMemory extends ProjectStore {
  private readonly projects: ReadonlyMap<string, ProjectConfiguration>;

  constructor(...projects: readonly ProjectConfiguration[]) {
    super();
    this.projects = new Map(projects.map((project) => [project.id, project]));
  }

  override authenticate(apiKey: string): Promise<AuthenticatedKey | undefined> {
    const owner = [...this.projects.keys()].find((id) => apiKey === keyOf(id));
    return Promise.resolve(owner === undefined ? undefined : { keyId: 'k1', projectId: owner });
  }

  override project(id: string): Promise<ProjectConfiguration | undefined> {
    return Promise.resolve(this.projects.get(id));
  }
}

/** The API key of a project in memory. */
export const keyOf = (project: string): string => `key-${project}`;

/** Headers of a JSON request with a project's key. */
export const withKeyOf = (project: string): Record<string, string> => ({
  authorization: `Bearer ${keyOf(project)}`,
  'content-type': 'application/json',
});

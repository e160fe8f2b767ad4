import { ApiClient } from './api-client.js';
import type { System } from './system.js';

/** A project of one test, and how its keys and the administrator ask. */
export interface TestProject {
  readonly id: string;
  readonly api: ApiClient;
  readonly administrator: ApiClient;
}

/** Makes a project with a workflow of the offline provider, `demo`, whose fields may be given. */
export async function newProject(system: System, workflow: Record<string, unknown> = {}): Promise<TestProject> {
  const { administrator } = system;
  const made = await administrator.must<{ id: string; api_key: { key: string } }>('POST', '/v1/projects', {
    name: 'A project of one test',
  });
  const api = new ApiClient(administrator.url, made.api_key.key);
  await api.must('POST', '/v1/workflows', { name: 'demo', provider: 'offline', model: 'e2e', ...workflow });
  return { id: made.id, api, administrator };
}

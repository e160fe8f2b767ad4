import {
  ApiKeyAdministration,
  ProjectAdministration,
  ProjectStore,
  WorkflowAdministration,
  type NewWorkflow,
} from '@headrace/project-store';
import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { DemoSettings } from './demo.settings.js';

/** Name by which the demo project is found again when its key changed. */
const projectName = 'Demo';

const workflows: readonly NewWorkflow[] = [
  {
    name: 'demo',
    description: 'Answers at once with the built-in provider.',
    provider: 'offline',
    model: 'demo',
  },
  {
    name: 'demo_event',
    description: 'Asks your backend before the answer goes out.',
    provider: 'offline',
    model: 'demo',
    eventName: 'demo_ready',
  },
];

/** Makes the demo project, so that the first request works without any set-up. Later starts change nothing. */
@Injectable()
export class DemoProjectSeeder implements OnApplicationBootstrap {
  constructor(
    private readonly settings: DemoSettings,
    private readonly store: ProjectStore,
    private readonly projects: ProjectAdministration,
    private readonly keys: ApiKeyAdministration,
    private readonly workflows: WorkflowAdministration,
  ) {}

  /** Requests are served only after this: the demo's key works with the first one. */
  async onApplicationBootstrap(): Promise<void> {
    const { demo, apiKey } = this.settings;
    if (!demo || apiKey === undefined) return;
    if (await this.store.authenticate(apiKey)) return;
    const { items } = await this.projects.list({ limit: 100 });
    const existing = items.find(({ name }) => name === projectName);
    const projectId = existing?.id ?? (await this.createProject());
    await this.keys.create(projectId, { name: 'demo', expiresInDays: null, value: apiKey });
  }

  private async createProject(): Promise<string> {
    const { id } = await this.projects.create({ name: projectName });
    for (const workflow of workflows) await this.workflows.create(id, workflow, 'first start');
    return id;
  }
}

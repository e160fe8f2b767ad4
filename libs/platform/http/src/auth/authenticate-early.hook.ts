import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { ProjectStore } from '@headrace/project-store';
import { authenticateRequest } from './authenticate-request.js';
import type { ProjectKeyRouteConfig } from './requires-project-key.decorator.js';

/**
 * Checks the keys of `@RequiresProjectKey` routes before their bodies are read, so that a stranger cannot make us
 * read a megabyte. The guard on the route would do it too, but only after the body.
 */
export function authenticateEarly(app: NestFastifyApplication): void {
  let found: ProjectStore | undefined;
  // Looked up at the first use: processes without such routes have no project store.
  const projects = (): ProjectStore => {
    const store: ProjectStore = found ?? app.get(ProjectStore, { strict: false });
    found = store;
    return store;
  };
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('onRequest', async (request) => {
      const { requiresProjectKey } = request.routeOptions.config as ProjectKeyRouteConfig;
      if (!requiresProjectKey) return;
      await authenticateRequest(projects(), request);
    });
}

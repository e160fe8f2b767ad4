import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { ProjectConfiguration } from '@headrace/project-store';
import type { FastifyRequest } from 'fastify';

/** Whose request it is. */
export interface AuthenticatedProject {
  readonly projectId: string;
  readonly keyId: string;
  readonly project: ProjectConfiguration;
}

const authenticated = new WeakMap<object, AuthenticatedProject>();

/** Remembers the outcome of authentication for the rest of a request. */
export const rememberProject = (request: object, project: AuthenticatedProject): void =>
  void authenticated.set(request, project);

/** The project that a request was authenticated for; undefined before that. */
export const projectOf = (request: object): AuthenticatedProject | undefined => authenticated.get(request);

/** Parameter decorator: the project of a route that requires a project key. */
export const CurrentProject = createParamDecorator((_: unknown, context: ExecutionContext): AuthenticatedProject => {
  const project = projectOf(context.switchToHttp().getRequest<FastifyRequest>());
  if (!project) throw new Error('@CurrentProject needs @RequiresProjectKey or ProjectKeyGuard on the route');
  return project;
});

import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { ProjectStore } from '@headrace/project-store';
import type { FastifyRequest } from 'fastify';
import { authenticateRequest } from './authenticate-request.js';

/** Lets a request pass that carries a good project key. Routes use it through `@RequiresProjectKey`. */
@Injectable()
export class ProjectKeyGuard implements CanActivate {
  constructor(private readonly projects: ProjectStore) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    await authenticateRequest(this.projects, context.switchToHttp().getRequest<FastifyRequest>());
    return true;
  }
}

import { ApiError, authenticateRequest } from '@headrace/http';
import { ProjectStore } from '@headrace/project-store';
import { sameSecret } from '@headrace/secrets';
import { createParamDecorator, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { AdministrationSettings } from '../administration.config.js';

/** Who asks: the operator's administrator, or a project with its key. */
export type Caller =
  { readonly kind: 'administrator' } | { readonly kind: 'project'; readonly projectId: string; readonly hint: string };

const callers = new WeakMap<object, Caller>();

/** Lets the administrator's token pass as well as a project's key. */
@Injectable()
export class CallerGuard implements CanActivate {
  constructor(
    private readonly settings: AdministrationSettings,
    private readonly projects: ProjectStore,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    callers.set(request, await this.callerOf(request));
    return true;
  }

  private async callerOf(request: FastifyRequest): Promise<Caller> {
    const { adminToken } = this.settings;
    const [scheme = '', token = ''] = (request.headers.authorization ?? '').split(' ');
    if (adminToken !== undefined && /^bearer$/i.test(scheme) && sameSecret(token, adminToken)) {
      return { kind: 'administrator' };
    }
    const { projectId } = await authenticateRequest(this.projects, request);
    const hint =
      adminToken === undefined
        ? 'Set HEADRACE_ADMIN_TOKEN on the server and send that token as "Authorization: Bearer <token>".'
        : 'Send the server\'s HEADRACE_ADMIN_TOKEN as "Authorization: Bearer <token>".';
    return { kind: 'project', projectId, hint };
  }
}

/** Parameter decorator: who asks, on a route with `CallerGuard`. */
export const CurrentCaller = createParamDecorator((_: unknown, context: ExecutionContext): Caller => {
  const caller = callers.get(context.switchToHttp().getRequest<FastifyRequest>());
  if (!caller) throw new Error('@CurrentCaller needs CallerGuard on the route');
  return caller;
});

/** Throws `permission_error` unless the administrator asks; `what` begins the sentence. */
export function requireAdministrator(caller: Caller, what: string): void {
  if (caller.kind === 'administrator') return;
  throw new ApiError('permission_error', `${what} needs the administrator's token. ${caller.hint}`);
}

/** Throws `permission_error` unless the administrator asks, or the project itself. */
export function requireProject(caller: Caller, projectId: string): void {
  if (caller.kind === 'administrator' || caller.projectId === projectId) return;
  throw new ApiError(
    'permission_error',
    `The key belongs to another project. Use a key of that project, or the administrator's token. ${caller.hint}`,
  );
}

import { applyDecorators, UseGuards } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiBearerAuth } from '@nestjs/swagger';
import { ApiErrors } from '../openapi/api-errors.decorator.js';
import { ProjectKeyGuard } from './project-key.guard.js';

/** Route option by which the early hook knows the routes that need a key. */
export interface ProjectKeyRouteConfig {
  readonly requiresProjectKey?: boolean;
}

/**
 * Method decorator: the route needs `Authorization: Bearer <project key>`, checked before the body is read.
 * The project is then there as `@CurrentProject()`.
 */
export const RequiresProjectKey = (): MethodDecorator =>
  applyDecorators(
    RouteConfig({ requiresProjectKey: true } satisfies ProjectKeyRouteConfig),
    UseGuards(ProjectKeyGuard),
    ApiBearerAuth(),
    ApiErrors('invalid_api_key', 'permission_error'),
  );

import { HeadraceSettings } from '@headrace/config';
import { projectTopic } from '@headrace/contracts';
import { ApiError, ApiErrors, projectOf } from '@headrace/http';
import { ProjectStore } from '@headrace/project-store';
import { ProjectTokens } from '@headrace/secrets';
import { Controller, Header, HttpCode, Param, Post, Req, UseGuards, UseInterceptors } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { DatabaseErrorsInterceptor } from '../configuration/database-errors.interceptor.js';
import { CallerGuard, CurrentCaller, requireProject, type Caller } from '../configuration/projects/caller.guard.js';
import { ProjectTokenView } from './project-token.view.js';

/** Lets dashboards watch a project over a socket, without giving them its API key. */
@ApiTags('projects')
@ApiBearerAuth()
@UseGuards(CallerGuard)
@UseInterceptors(DatabaseErrorsInterceptor)
@Controller('v1/projects/:id/realtime-token')
export class ProjectTokensController {
  constructor(
    private readonly projects: ProjectStore,
    private readonly tokens: ProjectTokens,
    private readonly settings: HeadraceSettings,
  ) {}

  @Post()
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  @ApiOperation({ summary: "Get a short-lived token for the socket topic of a project's changes" })
  @ApiOkResponse({ type: ProjectTokenView })
  @ApiErrors('invalid_api_key', 'permission_error', 'not_found', 'service_unavailable')
  async make(
    @Param('id') id: string,
    @CurrentCaller() caller: Caller,
    @Req() request: FastifyRequest,
  ): Promise<ProjectTokenView> {
    requireProject(caller, id);
    const project = await this.projects.project(id);
    if (!project) throw new ApiError('not_found', `There is no project ${id}.`);
    const { token, expiresAt } = this.tokens.mint(project.id, projectOf(request)?.keyId ?? null, new Date());
    return {
      token,
      expires_at: expiresAt.toISOString(),
      project_id: project.id,
      websocket_url: this.settings.socketUrl,
      websocket_channel: projectTopic(project.id),
    };
  }
}

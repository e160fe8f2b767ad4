import { ApiErrors } from '@headrace/http';
import { ApiKeyAdministration, ProjectAdministration } from '@headrace/project-store';
import { Body, Controller, Get, HttpCode, Param, Patch, Post, Query, UseGuards, UseInterceptors } from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { NewApiKeyDto } from '../api-keys/api-key.dto.js';
import { apiKeyWithValueView, ApiKeyWithValueView } from '../api-keys/api-key.view.js';
import { DatabaseErrorsInterceptor } from '../database-errors.interceptor.js';
import { ListQueryDto, pageRequestOf } from '../list/list-query.dto.js';
import { ApiListResponse, listView, type ListView } from '../list/list.view.js';
import { retrySettingOf } from '../webhooks/retry.dto.js';
import { CallerGuard, CurrentCaller, requireAdministrator, requireProject, type Caller } from './caller.guard.js';
import { NewProjectDto, ProjectChangesDto } from './project.dto.js';
import { projectView, ProjectView, ProjectWithKeyView, SigningSecretView } from './project.view.js';

/** Projects: made by the administrator, managed by him and by their own keys. */
@ApiTags('projects')
@ApiBearerAuth()
@UseGuards(CallerGuard)
@UseInterceptors(DatabaseErrorsInterceptor)
@Controller('v1/projects')
export class ProjectsController {
  constructor(
    private readonly projects: ProjectAdministration,
    private readonly keys: ApiKeyAdministration,
  ) {}

  @Post()
  @ApiOperation({ summary: 'Make a project with its first API key; the key is shown only here' })
  @ApiCreatedResponse({ type: ProjectWithKeyView })
  @ApiErrors('invalid_request_error', 'invalid_api_key', 'permission_error', 'service_unavailable')
  async create(@Body() body: NewProjectDto, @CurrentCaller() caller: Caller): Promise<ProjectWithKeyView> {
    requireAdministrator(caller, 'Making a project');
    const project = await this.projects.create({
      name: body.name,
      publicReconnect: body.public_reconnect ?? false,
      retry: body.retry && retrySettingOf(body.retry),
    });
    const key = await this.keys.create(project.id, { name: 'first key', expiresInDays: null });
    return { ...projectView(project), api_key: apiKeyWithValueView(key) };
  }

  @Get()
  @ApiOperation({ summary: "List projects: the administrator's all, a key's own" })
  @ApiListResponse(ProjectView)
  @ApiErrors('invalid_request_error', 'invalid_api_key', 'permission_error', 'service_unavailable')
  async list(@Query() query: ListQueryDto, @CurrentCaller() caller: Caller): Promise<ListView<ProjectView>> {
    if (caller.kind === 'project') {
      return listView({ items: [await this.projects.find(caller.projectId)], next: null }, projectView);
    }
    return listView(await this.projects.list(pageRequestOf(query)), projectView);
  }

  @Get(':id')
  @ApiOperation({ summary: 'Get a project' })
  @ApiOkResponse({ type: ProjectView })
  @ApiErrors('invalid_api_key', 'permission_error', 'not_found', 'service_unavailable')
  async show(@Param('id') id: string, @CurrentCaller() caller: Caller): Promise<ProjectView> {
    requireProject(caller, id);
    return projectView(await this.projects.find(id));
  }

  @Patch(':id')
  @ApiOperation({
    summary: 'Rename, deactivate or activate a project, or say when its failed webhooks are tried again',
  })
  @ApiOkResponse({ type: ProjectView })
  @ApiErrors('invalid_request_error', 'invalid_api_key', 'permission_error', 'not_found', 'service_unavailable')
  async update(
    @Param('id') id: string,
    @Body() { name, active, public_reconnect: publicReconnect, retry }: ProjectChangesDto,
    @CurrentCaller() caller: Caller,
  ): Promise<ProjectView> {
    requireProject(caller, id);
    const changes = { name, active, publicReconnect, retry: retry && retrySettingOf(retry) };
    return projectView(await this.projects.update(id, changes));
  }

  /** What receivers of a request's own `webhook_url` verify with, when no endpoint is registered for that URL. */
  @Post(':id/rotate-signing-secret')
  @HttpCode(200)
  @ApiOperation({ summary: 'Make a new default signing secret; it is shown only here' })
  @ApiOkResponse({ type: SigningSecretView })
  @ApiErrors('invalid_api_key', 'permission_error', 'not_found', 'service_unavailable')
  async rotateSigningSecret(@Param('id') id: string, @CurrentCaller() caller: Caller): Promise<SigningSecretView> {
    requireProject(caller, id);
    return { signing_secret: await this.projects.rotateSigningSecret(id) };
  }

  /** The way back in for a project whose keys have all expired. */
  @Post(':id/api-keys')
  @ApiOperation({ summary: 'Make an API key of any project; it is shown only here' })
  @ApiCreatedResponse({ type: ApiKeyWithValueView })
  @ApiErrors('invalid_request_error', 'invalid_api_key', 'permission_error', 'not_found', 'service_unavailable')
  async createKey(
    @Param('id') id: string,
    @Body() { name, expires_in_days = null }: NewApiKeyDto,
    @CurrentCaller() caller: Caller,
  ): Promise<ApiKeyWithValueView> {
    requireProject(caller, id);
    const project = await this.projects.find(id);
    return apiKeyWithValueView(await this.keys.create(project.id, { name, expiresInDays: expires_in_days }));
  }
}

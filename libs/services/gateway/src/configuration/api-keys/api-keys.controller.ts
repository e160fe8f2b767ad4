import { CurrentProject, type AuthenticatedProject } from '@headrace/http';
import { ApiKeyAdministration } from '@headrace/project-store';
import { Body, Controller, Delete, Get, Param, Post, Query, UseInterceptors } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { ConfigurationRoute } from '../configuration-route.decorator.js';
import { DatabaseErrorsInterceptor } from '../database-errors.interceptor.js';
import { ListQueryDto, pageRequestOf } from '../list/list-query.dto.js';
import { ApiListResponse, listView, type ListView } from '../list/list.view.js';
import { NewApiKeyDto } from './api-key.dto.js';
import { apiKeyView, ApiKeyView, apiKeyWithValueView, ApiKeyWithValueView } from './api-key.view.js';

/** A project's API keys. */
@ApiTags('API keys')
@UseInterceptors(DatabaseErrorsInterceptor)
@Controller('v1/api-keys')
export class ApiKeysController {
  constructor(private readonly keys: ApiKeyAdministration) {}

  @Post()
  @ConfigurationRoute('Make an API key; it is shown only here')
  @ApiCreatedResponse({ type: ApiKeyWithValueView })
  async create(
    @Body() { name, expires_in_days = null }: NewApiKeyDto,
    @CurrentProject() { projectId }: AuthenticatedProject,
  ): Promise<ApiKeyWithValueView> {
    return apiKeyWithValueView(await this.keys.create(projectId, { name, expiresInDays: expires_in_days }));
  }

  @Get()
  @ConfigurationRoute('List API keys, newest first, revoked ones too')
  @ApiListResponse(ApiKeyView)
  async list(
    @Query() query: ListQueryDto,
    @CurrentProject() { projectId }: AuthenticatedProject,
  ): Promise<ListView<ApiKeyView>> {
    return listView(await this.keys.list(projectId, pageRequestOf(query)), apiKeyView);
  }

  @Get(':id')
  @ConfigurationRoute('Get an API key', 'not_found')
  @ApiOkResponse({ type: ApiKeyView })
  async show(@Param('id') id: string, @CurrentProject() { projectId }: AuthenticatedProject): Promise<ApiKeyView> {
    return apiKeyView(await this.keys.find(projectId, id));
  }

  @Delete(':id')
  @ConfigurationRoute('Revoke an API key at once; it stays in the list', 'not_found')
  @ApiOkResponse({ type: ApiKeyView })
  async revoke(@Param('id') id: string, @CurrentProject() { projectId }: AuthenticatedProject): Promise<ApiKeyView> {
    return apiKeyView(await this.keys.revoke(projectId, id));
  }
}

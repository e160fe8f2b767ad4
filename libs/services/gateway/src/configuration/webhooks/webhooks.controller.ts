import { CurrentProject, type AuthenticatedProject } from '@headrace/http';
import { AddressPolicy } from '@headrace/outbound-http';
import { WebhookEndpointAdministration } from '@headrace/project-store';
import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query, UseInterceptors } from '@nestjs/common';
import { ApiBody, ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { ConfigurationRoute } from '../configuration-route.decorator.js';
import { DatabaseErrorsInterceptor } from '../database-errors.interceptor.js';
import { deletedView, DeletedView } from '../deleted.view.js';
import { ListQueryDto, pageRequestOf } from '../list/list-query.dto.js';
import { ApiListResponse, listView, type ListView } from '../list/list.view.js';
import { requireCallable } from '../require-callable.js';
import { overlapMsOf, SecretRotationDto } from './secret-rotation.dto.js';
import { NewWebhookDto, WebhookChangesDto } from './webhook.dto.js';
import { webhookFieldsOf } from './webhook.mapping.js';
import { webhookView, WebhookView, webhookWithSecretView, WebhookWithSecretView } from './webhook.view.js';

/** The URLs that a project's webhooks go to. */
@ApiTags('webhooks')
@UseInterceptors(DatabaseErrorsInterceptor)
@Controller('v1/webhooks')
export class WebhooksController {
  constructor(
    private readonly endpoints: WebhookEndpointAdministration,
    private readonly addresses: AddressPolicy,
  ) {}

  @Post()
  @ConfigurationRoute('Register a webhook endpoint; the secret is shown only here')
  @ApiCreatedResponse({ type: WebhookWithSecretView })
  async create(
    @Body() body: NewWebhookDto,
    @CurrentProject() { projectId }: AuthenticatedProject,
  ): Promise<WebhookWithSecretView> {
    const { url } = body;
    await requireCallable(this.addresses, 'url', url);
    return webhookWithSecretView(await this.endpoints.create(projectId, { url, ...webhookFieldsOf(body) }));
  }

  @Get()
  @ConfigurationRoute('List webhook endpoints, newest first')
  @ApiListResponse(WebhookView)
  async list(
    @Query() query: ListQueryDto,
    @CurrentProject() { projectId }: AuthenticatedProject,
  ): Promise<ListView<WebhookView>> {
    return listView(await this.endpoints.list(projectId, pageRequestOf(query)), webhookView);
  }

  @Get(':id')
  @ConfigurationRoute('Get a webhook endpoint', 'not_found')
  @ApiOkResponse({ type: WebhookView })
  async show(@Param('id') id: string, @CurrentProject() { projectId }: AuthenticatedProject): Promise<WebhookView> {
    return webhookView(await this.endpoints.find(projectId, id));
  }

  @Patch(':id')
  @ConfigurationRoute('Change a webhook endpoint', 'not_found')
  @ApiOkResponse({ type: WebhookView })
  async update(
    @Param('id') id: string,
    @Body() body: WebhookChangesDto,
    @CurrentProject() { projectId }: AuthenticatedProject,
  ): Promise<WebhookView> {
    const { url, active } = body;
    if (url !== undefined) await requireCallable(this.addresses, 'url', url);
    return webhookView(await this.endpoints.update(projectId, id, { url, active, ...webhookFieldsOf(body) }));
  }

  @Post(':id/pause')
  @HttpCode(200)
  @ConfigurationRoute('Hold the deliveries to a webhook endpoint back; they wait', 'not_found')
  @ApiOkResponse({ type: WebhookView })
  async pause(@Param('id') id: string, @CurrentProject() { projectId }: AuthenticatedProject): Promise<WebhookView> {
    return webhookView(await this.endpoints.pause(projectId, id));
  }

  @Post(':id/resume')
  @HttpCode(200)
  @ConfigurationRoute('Let the deliveries to a paused webhook endpoint go again', 'not_found')
  @ApiOkResponse({ type: WebhookView })
  async resume(@Param('id') id: string, @CurrentProject() { projectId }: AuthenticatedProject): Promise<WebhookView> {
    return webhookView(await this.endpoints.resume(projectId, id));
  }

  @Post(':id/rotate-secret')
  @HttpCode(200)
  @ConfigurationRoute('Make a new secret; it is shown only here', 'not_found', 'conflict')
  @ApiBody({ type: SecretRotationDto, required: false })
  @ApiOkResponse({ type: WebhookWithSecretView })
  async rotateSecret(
    @Param('id') id: string,
    @Body() body: SecretRotationDto,
    @CurrentProject() { projectId }: AuthenticatedProject,
  ): Promise<WebhookWithSecretView> {
    return webhookWithSecretView(await this.endpoints.rotateSecret(projectId, id, overlapMsOf(body)));
  }

  @Delete(':id')
  @ConfigurationRoute('Remove a webhook endpoint', 'not_found')
  @ApiOkResponse({ type: DeletedView })
  async remove(@Param('id') id: string, @CurrentProject() { projectId }: AuthenticatedProject): Promise<DeletedView> {
    return deletedView(await this.endpoints.remove(projectId, id));
  }
}

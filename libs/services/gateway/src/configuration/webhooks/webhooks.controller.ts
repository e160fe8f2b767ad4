import { CurrentProject, type AuthenticatedProject } from '@headrace/http';
import { AddressPolicy } from '@headrace/outbound-http';
import { WebhookEndpointAdministration } from '@headrace/project-store';
import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query, UseInterceptors } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { ConfigurationRoute } from '../configuration-route.decorator.js';
import { DatabaseErrorsInterceptor } from '../database-errors.interceptor.js';
import { deletedView, DeletedView } from '../deleted.view.js';
import { ListQueryDto, pageRequestOf } from '../list/list-query.dto.js';
import { ApiListResponse, listView, type ListView } from '../list/list.view.js';
import { requireCallable } from '../require-callable.js';
import { NewWebhookDto, SecretRotationDto, WebhookChangesDto } from './webhook.dto.js';
import { webhookView, WebhookView, webhookWithSecretView, WebhookWithSecretView } from './webhook.view.js';

const hourMs = 3_600_000;
const usualOverlapHours = 24;

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
    @Body() { url, description = null, events = null }: NewWebhookDto,
    @CurrentProject() { projectId }: AuthenticatedProject,
  ): Promise<WebhookWithSecretView> {
    await requireCallable(this.addresses, 'url', url);
    return webhookWithSecretView(await this.endpoints.create(projectId, { url, description, events }));
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
    @Body() { url, description, events, active }: WebhookChangesDto,
    @CurrentProject() { projectId }: AuthenticatedProject,
  ): Promise<WebhookView> {
    if (url !== undefined) await requireCallable(this.addresses, 'url', url);
    return webhookView(await this.endpoints.update(projectId, id, { url, description, events, active }));
  }

  @Post(':id/rotate-secret')
  @HttpCode(200)
  @ConfigurationRoute('Make a new secret; it is shown only here', 'not_found')
  @ApiOkResponse({ type: WebhookWithSecretView })
  async rotateSecret(
    @Param('id') id: string,
    @Body() { overlap_hours }: SecretRotationDto,
    @CurrentProject() { projectId }: AuthenticatedProject,
  ): Promise<WebhookWithSecretView> {
    const overlapMs = (overlap_hours ?? usualOverlapHours) * hourMs;
    return webhookWithSecretView(await this.endpoints.rotateSecret(projectId, id, overlapMs));
  }

  @Delete(':id')
  @ConfigurationRoute('Remove a webhook endpoint', 'not_found')
  @ApiOkResponse({ type: DeletedView })
  async remove(@Param('id') id: string, @CurrentProject() { projectId }: AuthenticatedProject): Promise<DeletedView> {
    return deletedView(await this.endpoints.remove(projectId, id));
  }
}

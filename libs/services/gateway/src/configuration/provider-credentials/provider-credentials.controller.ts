import { CurrentProject, invalidFields, type AuthenticatedProject } from '@headrace/http';
import { AddressPolicy } from '@headrace/outbound-http';
import { ProviderCredentialAdministration, type ProviderCredentialEntity } from '@headrace/project-store';
import { ProviderCatalogue } from '@headrace/providers';
import { Body, Controller, Delete, Get, Param, Patch, Post, Query, UseInterceptors } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { ConfigurationRoute } from '../configuration-route.decorator.js';
import { DatabaseErrorsInterceptor } from '../database-errors.interceptor.js';
import { deletedView, DeletedView } from '../deleted.view.js';
import { ListQueryDto, pageRequestOf } from '../list/list-query.dto.js';
import { ApiListResponse, listView, type ListView } from '../list/list.view.js';
import { requireCallable } from '../require-callable.js';
import { NewProviderCredentialDto, ProviderCredentialChangesDto } from './provider-credential.dto.js';
import { providerCredentialView, ProviderCredentialView } from './provider-credential.view.js';

/** A project's access to AI providers. */
@ApiTags('provider credentials')
@UseInterceptors(DatabaseErrorsInterceptor)
@Controller('v1/provider-credentials')
export class ProviderCredentialsController {
  constructor(
    private readonly credentials: ProviderCredentialAdministration,
    private readonly addresses: AddressPolicy,
    private readonly catalogue: ProviderCatalogue,
  ) {}

  @Post()
  @ConfigurationRoute('Save the credentials of a provider', 'conflict')
  @ApiCreatedResponse({ type: ProviderCredentialView })
  async create(
    @Body() { provider, api_key, base_url }: NewProviderCredentialDto,
    @CurrentProject() { projectId }: AuthenticatedProject,
  ): Promise<ProviderCredentialView> {
    this.requireUse('provider', provider, base_url ?? null);
    await this.checkBaseUrl(base_url);
    const credential = { provider, apiKey: api_key ?? null, baseUrl: base_url ?? null };
    return providerCredentialView(await this.credentials.create(projectId, credential));
  }

  @Get()
  @ConfigurationRoute('List provider credentials, newest first, keys masked')
  @ApiListResponse(ProviderCredentialView)
  async list(
    @Query() query: ListQueryDto,
    @CurrentProject() { projectId }: AuthenticatedProject,
  ): Promise<ListView<ProviderCredentialView>> {
    return listView(await this.credentials.list(projectId, pageRequestOf(query)), providerCredentialView);
  }

  @Get(':id_or_provider')
  @ConfigurationRoute('Get the credentials of a provider, the key masked', 'not_found')
  @ApiOkResponse({ type: ProviderCredentialView })
  async show(
    @Param('id_or_provider') id: string,
    @CurrentProject() { projectId }: AuthenticatedProject,
  ): Promise<ProviderCredentialView> {
    return providerCredentialView(await this.credentials.find(projectId, id));
  }

  @Patch(':id_or_provider')
  @ConfigurationRoute('Change the credentials of a provider', 'not_found')
  @ApiOkResponse({ type: ProviderCredentialView })
  async update(
    @Param('id_or_provider') id: string,
    @Body() { api_key: apiKey, base_url: baseUrl }: ProviderCredentialChangesDto,
    @CurrentProject() { projectId }: AuthenticatedProject,
  ): Promise<ProviderCredentialView> {
    const stored = baseUrl === undefined ? undefined : await this.credentials.find(projectId, id);
    if (stored && baseUrl === null) this.requireUse('base_url', stored.provider, null);
    await this.checkBaseUrl(baseUrl);
    if (stored && typeof baseUrl === 'string' && apiKey === undefined) requireSameOrigin(stored, baseUrl);
    return providerCredentialView(await this.credentials.update(projectId, id, { apiKey, baseUrl }));
  }

  @Delete(':id_or_provider')
  @ConfigurationRoute('Remove the credentials of a provider', 'not_found')
  @ApiOkResponse({ type: DeletedView })
  async remove(
    @Param('id_or_provider') id: string,
    @CurrentProject() { projectId }: AuthenticatedProject,
  ): Promise<DeletedView> {
    return deletedView(await this.credentials.remove(projectId, id));
  }

  private async checkBaseUrl(url: string | null | undefined): Promise<void> {
    if (typeof url === 'string') await requireCallable(this.addresses, 'base_url', url);
  }

  /** Throws an answer that names the field when no workflow could ever use credentials of that name. */
  private requireUse(param: string, provider: string, baseUrl: string | null): void {
    const problem = this.catalogue.unknownProvider(provider, new Map([[provider, { apiKey: null, baseUrl }]]));
    if (problem !== undefined) throw invalidFields([{ param, message: `${param}: ${problem}` }]);
  }
}

/** A stored key is shown to nobody, so it must not be sent to whatever address somebody names later either. */
function requireSameOrigin({ apiKey, baseUrl }: ProviderCredentialEntity, wanted: string): void {
  if (apiKey === null || (baseUrl !== null && new URL(baseUrl).origin === new URL(wanted).origin)) return;
  const message =
    'The stored key was given for another address: send api_key together with base_url, or null as api_key.';
  throw invalidFields([{ param: 'api_key', message }]);
}

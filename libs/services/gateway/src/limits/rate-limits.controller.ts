import { ApiErrors } from '@headrace/http';
import { ApiKeyAdministration, ProjectAdministration } from '@headrace/project-store';
import { Body, Controller, Get, Param, Put, UseGuards, UseInterceptors } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { AdministrationSettings } from '../configuration/administration.config.js';
import { DatabaseErrorsInterceptor } from '../configuration/database-errors.interceptor.js';
import { CallerGuard, CurrentCaller, requireProject, type Caller } from '../configuration/projects/caller.guard.js';
import { requireKeys, requireLimitChanger } from './change-limits.js';
import { RateLimitsDto, rateLimitsOf, rateLimitsView } from './rate-limits.dto.js';

/** How often a project may ask. */
@ApiTags('limits')
@ApiBearerAuth()
@UseGuards(CallerGuard)
@UseInterceptors(DatabaseErrorsInterceptor)
@Controller('v1/projects/:id/rate-limits')
export class RateLimitsController {
  constructor(
    private readonly projects: ProjectAdministration,
    private readonly keys: ApiKeyAdministration,
    private readonly settings: AdministrationSettings,
  ) {}

  @Get()
  @ApiOperation({ summary: "Get a project's rate limits" })
  @ApiOkResponse({ type: RateLimitsDto })
  @ApiErrors('invalid_api_key', 'permission_error', 'not_found', 'service_unavailable')
  async show(@Param('id') id: string, @CurrentCaller() caller: Caller): Promise<RateLimitsDto> {
    requireProject(caller, id);
    return rateLimitsView((await this.projects.find(id)).rateLimits);
  }

  /** All of them at once: what is left out is not limited any more. */
  @Put()
  @ApiOperation({ summary: "Replace a project's rate limits" })
  @ApiOkResponse({ type: RateLimitsDto })
  @ApiErrors('invalid_request_error', 'invalid_api_key', 'permission_error', 'not_found', 'service_unavailable')
  async replace(
    @Param('id') id: string,
    @Body() body: RateLimitsDto,
    @CurrentCaller() caller: Caller,
  ): Promise<RateLimitsDto> {
    requireLimitChanger(caller, id, this.settings);
    const ids = Object.keys(body.keys ?? {}).map((key) => ({ param: `keys.${key}`, id: key }));
    await requireKeys(this.keys, id, ids);
    return rateLimitsView((await this.projects.update(id, { rateLimits: rateLimitsOf(body) })).rateLimits);
  }
}

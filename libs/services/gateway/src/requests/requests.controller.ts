import { ApiErrors, channelIdOf, CurrentProject, RequiresProjectKey, type AuthenticatedProject } from '@headrace/http';
import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ListRequestsDto } from './list-requests.dto.js';
import { filterOf, positionOf, requestListOf, type RequestList } from './request-list.js';
import { RequestReader } from './request-reader.js';
import type { RequestView } from './request-view.js';
import { RequestDto, RequestListDto } from './request.dto.js';

/** How many requests a page has when nobody says. */
const defaultLimit = 20;

/** Tells what became of requests. */
@ApiTags('requests')
@Controller(['v1/requests', 'api/v1/requests'])
export class RequestsController {
  constructor(private readonly requests: RequestReader) {}

  /** The project's requests, newest first. */
  @Get()
  @RequiresProjectKey()
  @ApiOperation({ summary: 'List requests' })
  @ApiOkResponse({ type: RequestListDto })
  @ApiErrors('invalid_request_error', 'service_unavailable')
  async list(
    @Query() query: ListRequestsDto,
    @CurrentProject() { projectId }: AuthenticatedProject,
  ): Promise<RequestList> {
    const after = query.cursor === undefined ? {} : { after: positionOf(query.cursor) };
    const page = { limit: Number(query.limit ?? defaultLimit), ...after };
    return requestListOf(await this.requests.page(projectId, filterOf(query), page));
  }

  /** State, result and timeline of a request. */
  @Get(':channel_id')
  @RequiresProjectKey()
  @ApiOperation({ summary: 'Get a request with its result and timeline' })
  @ApiOkResponse({ type: RequestDto })
  @ApiErrors('not_found', 'service_unavailable')
  show(
    @Param('channel_id') channelId: string,
    @CurrentProject() { projectId }: AuthenticatedProject,
  ): Promise<RequestView> {
    return this.requests.one(projectId, channelIdOf(channelId));
  }
}

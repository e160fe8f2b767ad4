import { ApiErrors, channelIdOf, CurrentProject, RequiresProjectKey, type AuthenticatedProject } from '@headrace/http';
import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { RequestWait } from '../follow/request-wait.js';
import { WaitQueryDto, waitMsOf } from '../follow/wait-query.dto.js';
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
  constructor(
    private readonly requests: RequestReader,
    private readonly waits: RequestWait,
  ) {}

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

  /** State, result and timeline of a request; with `wait` as soon as it has ended. */
  @Get(':channel_id')
  @RequiresProjectKey()
  @ApiOperation({ summary: 'Get a request with its result and timeline, or wait for its end' })
  @ApiOkResponse({ type: RequestDto })
  @ApiErrors('invalid_request_error', 'not_found', 'rate_limit_exceeded', 'service_unavailable')
  async show(
    @Param('channel_id') channelId: string,
    @Query() query: WaitQueryDto,
    @CurrentProject() { projectId: project, keyId }: AuthenticatedProject,
    @Req() { ip: address }: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<RequestView> {
    const channel = channelIdOf(channelId);
    const waitMs = waitMsOf(query);
    const follower = { ids: { project, channel }, address, keyId };
    const end = waitMs > 0 ? await this.waits.untilEnd(follower, waitMs, reply.raw) : undefined;
    return this.requests.one(project, channel, end);
  }
}

import { EVENT_LOG, type EventLog } from '@headrace/event-log';
import {
  ApiErrors,
  channelIdOf,
  CurrentProject,
  missingChannel,
  RequiresProjectKey,
  type AuthenticatedProject,
} from '@headrace/http';
import { Controller, Get, Inject, Param } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { requestViewOf, type RequestView } from './request-view.js';
import { RequestDto } from './request.dto.js';

/** Tells what became of requests. */
@ApiTags('requests')
@Controller(['v1/requests', 'api/v1/requests'])
export class RequestsController {
  constructor(@Inject(EVENT_LOG) private readonly log: EventLog) {}

  /** State, result and timeline of a request, read from the log: never behind. */
  @Get(':channel_id')
  @RequiresProjectKey()
  @ApiOperation({ summary: 'Get a request with its result and timeline' })
  @ApiOkResponse({ type: RequestDto })
  @ApiErrors('not_found', 'service_unavailable')
  async show(
    @Param('channel_id') channelId: string,
    @CurrentProject() { projectId }: AuthenticatedProject,
  ): Promise<RequestView> {
    const channel = channelIdOf(channelId);
    const events = await this.log.readChannel(projectId, channel);
    return requestViewOf(projectId, channel, events) ?? missingChannel(this.log, projectId, channel);
  }
}

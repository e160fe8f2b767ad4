import { ApiError, ApiErrors, authenticateRequest, isChannelId, ownChannel } from '@headrace/http';
import { EVENT_LOG, type EventLog } from '@headrace/event-log';
import { ProjectStore } from '@headrace/project-store';
import { Body, Controller, HttpCode, Inject, Options, Post, Req, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiExcludeEndpoint, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ChannelAccessDto } from '../accept/async-reply.dto.js';
import { ChannelAccess } from '../channel-access.js';
import { ReconnectDto } from './reconnect.dto.js';

/** Days are fine: what a preflight allows never changes. */
const preflightHeaders = {
  'access-control-allow-origin': '*',
  'access-control-allow-methods': 'POST, OPTIONS',
  'access-control-allow-headers': 'content-type, traceparent',
  'access-control-max-age': '86400',
};

/** Gives a client that comes back a fresh token for its channel. */
@ApiTags('requests')
@Controller(['v1/ai', 'api/v1/ai', 'api/ai'])
export class ReconnectController {
  constructor(
    @Inject(EVENT_LOG) private readonly log: EventLog,
    private readonly projects: ProjectStore,
    private readonly access: ChannelAccess,
  ) {}

  /** Browsers call without a key, so they ask first. Whether the project allows it shows only with the channel. */
  @Options('reconnect')
  @HttpCode(204)
  @ApiExcludeEndpoint()
  preflight(@Res({ passthrough: true }) reply: FastifyReply): void {
    void reply.headers(preflightHeaders);
  }

  /** With a key: any channel of its project. Without: channels of projects that opted in to public reconnection. */
  @Post('reconnect')
  @HttpCode(200)
  @ApiBearerAuth()
  @ApiOperation({ summary: 'Get a fresh token for a channel' })
  @ApiOkResponse({ type: ChannelAccessDto })
  @ApiErrors('invalid_request_error', 'invalid_json', 'invalid_api_key', 'permission_error', 'not_found')
  async reconnect(
    @Body() { channel_id: channel }: ReconnectDto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ChannelAccessDto> {
    const project =
      request.headers.authorization === undefined
        ? await this.publicProject(channel, reply)
        : await this.keyedProject(channel, request);
    return this.access.grant(project, channel, new Date());
  }

  private async keyedProject(channel: string, request: FastifyRequest): Promise<string> {
    const { projectId } = await authenticateRequest(this.projects, request);
    await ownChannel(this.log, projectId, channel);
    return projectId;
  }

  /** Tells nothing about channels whose project did not opt in, not even whether they exist. */
  private async publicProject(channel: string, reply: FastifyReply): Promise<string> {
    void reply.header('access-control-allow-origin', '*');
    const found = isChannelId(channel) ? await this.log.findRequest(channel) : undefined;
    const project = found && (await this.projects.project(found.address.project));
    if (project?.publicReconnect && project.active) return project.id;
    throw new ApiError('invalid_api_key', 'No API key was sent. Send one as "Authorization: Bearer <key>".');
  }
}

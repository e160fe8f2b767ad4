import { ApiErrors, channelIdOf } from '@headrace/http';
import { Controller, Get, HttpCode, Options, Param, Query, Req, Res, UseGuards } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiExcludeEndpoint,
  ApiHeader,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ChannelEvents } from './channel-events.js';
import { FollowerAccess } from './follower-access.js';
import { FollowerCorsGuard } from './follower-cors.guard.js';
import { positionOf } from './event-position.js';
import { EventsQueryDto } from './events-query.dto.js';

/** What a preflight allows. No keys: they do not belong into pages. */
const preflightHeaders = {
  'access-control-allow-methods': 'GET, OPTIONS',
  'access-control-allow-headers': 'last-event-id, cache-control, traceparent',
  'access-control-max-age': '86400',
};

/** Tells requests as they go on, to clients without a WebSocket. */
@ApiTags('requests')
@UseGuards(FollowerCorsGuard)
@Controller(['v1/requests', 'api/v1/requests'])
export class ChannelEventsController {
  constructor(
    private readonly events: ChannelEvents,
    private readonly access: FollowerAccess,
  ) {}

  /** `EventSource` asks without; other clients in browsers send `Last-Event-ID` themselves and ask first. */
  @Options(':channel_id/events')
  @HttpCode(204)
  @ApiExcludeEndpoint()
  preflight(@Res({ passthrough: true }) reply: FastifyReply): void {
    void reply.headers(preflightHeaders);
  }

  /** The states of a request and the text of its answer, as on its WebSocket channel, until it has ended. */
  @Get(':channel_id/events')
  @ApiBearerAuth()
  @ApiOperation({ summary: 'Follow a request by server-sent events' })
  @ApiHeader({ name: 'Last-Event-ID', required: false, description: '`id` of the last event that is known.' })
  @ApiOkResponse({
    description: 'Events `response` (a state), `tokens` (text of the answer) and `phx_close` (the end).',
    content: { 'text/event-stream': { schema: { type: 'string' } } },
  })
  @ApiNoContentResponse({ description: 'The request has ended, and the client knows how.' })
  @ApiErrors(
    'invalid_request_error',
    'invalid_api_key',
    'permission_error',
    'not_found',
    'rate_limit_exceeded',
    'service_unavailable',
  )
  async follow(
    @Param('channel_id') channelId: string,
    @Query() query: EventsQueryDto,
    @Req() { headers, method, ip: address }: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { origin, authorization } = headers;
    const cors = this.access.corsHeaders(origin);
    const shown = { authorization, origin, token: query.token };
    const admitted = await this.access.admit(channelIdOf(channelId), shown, new Date());
    if (method === 'HEAD') {
      await this.events.find(admitted.ids);
      void reply.type('text/event-stream').send();
      return;
    }
    const lastEventId = headers['last-event-id'];
    const position = positionOf(typeof lastEventId === 'string' ? lastEventId : query.last_event_id);
    await this.events.tell({ follower: { ...admitted, address }, position, reply, headers: cors });
  }
}

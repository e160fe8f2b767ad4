import { ApiErrors, CurrentProject, RequiresProjectKey, TraceParent, type AuthenticatedProject } from '@headrace/http';
import { Body, Controller, HttpCode, Post, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ChannelAccess } from '../channel-access.js';
import { askingErrors } from './asking-errors.js';
import { AsyncReplyDto } from './async-reply.dto.js';
import { AsyncRequestDto } from './async-request.dto.js';
import { RequestAcceptor } from './request-acceptor.js';

/** Takes asynchronous requests: the way in, and the hottest path of the system. */
@ApiTags('requests')
@Controller(['v1/ai', 'api/v1/ai', 'api/ai'])
export class AcceptRequestController {
  constructor(
    private readonly acceptor: RequestAcceptor,
    private readonly access: ChannelAccess,
  ) {}

  /** Answers once the request is durable; the result comes over the WebSocket and the webhooks. */
  @Post('async')
  @HttpCode(200)
  @RequiresProjectKey()
  @ApiOperation({ summary: 'Ask an AI asynchronously' })
  @ApiOkResponse({ type: AsyncReplyDto })
  @ApiErrors(...askingErrors)
  async accept(
    @Body() body: AsyncRequestDto,
    @CurrentProject() asker: AuthenticatedProject,
    @TraceParent() traceParent: string | undefined,
    @Req() caller: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AsyncReplyDto> {
    const request = await this.acceptor.admit({ asker, caller, body });
    const [access] = await Promise.all([
      this.access.grant(request.project, request.channel, new Date()),
      this.acceptor.append(request, traceParent),
    ]);
    void reply.headers(request.headers);
    const { customerData, testMode } = request.accepted.context;
    return {
      message: 'success',
      status: 'pending',
      ...access,
      customer_data: customerData,
      ...(testMode ? { test_mode: true } : {}),
    };
  }
}

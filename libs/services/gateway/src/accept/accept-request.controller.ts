import { EVENT_LOG, handleCommand, type EventLog } from '@headrace/event-log';
import { requestDecider } from '@headrace/domain';
import {
  ApiErrors,
  CurrentProject,
  invalidFields,
  RequiresProjectKey,
  TraceParent,
  type AuthenticatedProject,
} from '@headrace/http';
import { AddressPolicy } from '@headrace/outbound-http';
import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ChannelAccess } from '../channel-access.js';
import { GatewaySettings } from '../gateway.config.js';
import { AsyncReplyDto } from './async-reply.dto.js';
import { AsyncRequestDto } from './async-request.dto.js';
import { newChannelId } from './new-channel-id.js';
import { resolveRequest } from './resolve-request.js';

/** A request that does not exist yet: what the decider need not read the log for. */
const nothingYet = { state: requestDecider.initialState(), revision: 0 };

/** Takes asynchronous requests: the way in, and the hottest path of the system. */
@ApiTags('requests')
@Controller(['v1/ai', 'api/v1/ai', 'api/ai'])
export class AcceptRequestController {
  constructor(
    @Inject(EVENT_LOG) private readonly log: EventLog,
    private readonly access: ChannelAccess,
    private readonly addresses: AddressPolicy,
    private readonly settings: GatewaySettings,
  ) {}

  /** Answers once the request is durable; the result comes over the WebSocket and the webhooks. */
  @Post('async')
  @HttpCode(200)
  @RequiresProjectKey()
  @ApiOperation({ summary: 'Ask an AI asynchronously' })
  @ApiOkResponse({ type: AsyncReplyDto })
  @ApiErrors(
    'invalid_request_error',
    'invalid_json',
    'model_not_found',
    'payload_too_large',
    'unsupported_media_type',
    'internal_error',
    'service_unavailable',
  )
  async accept(
    @Body() body: AsyncRequestDto,
    @CurrentProject() { projectId, project }: AuthenticatedProject,
    @TraceParent() traceParent: string | undefined,
  ): Promise<AsyncReplyDto> {
    const now = new Date();
    const accepted = resolveRequest(body, project, this.settings, now.toISOString());
    if (accepted.context.webhookUrl !== null) await this.checkAddress(accepted.context.webhookUrl);
    const channel = newChannelId(now);
    const [access] = await Promise.all([
      this.access.grant(projectId, channel, now),
      handleCommand(
        this.log,
        requestDecider,
        { project: projectId, channel, aggregate: 'request' },
        { type: 'accept', accepted },
        { known: nothingYet, traceParent },
      ),
    ]);
    const { customerData, testMode } = accepted.context;
    return {
      message: 'success',
      status: 'pending',
      ...access,
      customer_data: customerData,
      ...(testMode ? { test_mode: true } : {}),
    };
  }

  private async checkAddress(url: string): Promise<void> {
    const problem = await this.addresses.checkUrl(url);
    if (problem !== undefined) throw invalidFields([{ param: 'webhook_url', message: problem }]);
  }
}

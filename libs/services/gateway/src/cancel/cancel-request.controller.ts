import {
  ApiError,
  ApiErrors,
  channelIdOf,
  CurrentProject,
  RequiresProjectKey,
  TraceParent,
  unknownChannel,
  type AuthenticatedProject,
} from '@headrace/http';
import { Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CancelledRequestDto } from './cancelled-request.dto.js';
import { RequestCanceller, type EndedRequest } from './request.canceller.js';

/** Cancels requests. */
@ApiTags('requests')
@Controller(['v1/requests', 'api/v1/requests'])
export class CancelRequestController {
  constructor(private readonly requests: RequestCanceller) {}

  /** Ends a request without a result. Asking again changes nothing and is answered the same. */
  @Post(':channel_id/cancel')
  @HttpCode(200)
  @RequiresProjectKey()
  @ApiOperation({ summary: 'Cancel a request' })
  @ApiOkResponse({ type: CancelledRequestDto })
  @ApiErrors('not_found', 'request_ended', 'service_unavailable')
  async cancel(
    @Param('channel_id') channelId: string,
    @CurrentProject() { projectId }: AuthenticatedProject,
    @TraceParent() traceParent: string | undefined,
  ): Promise<CancelledRequestDto> {
    const channel = channelIdOf(channelId);
    const end = await this.requests.cancel(projectId, channel, traceParent);
    // Whether another project has the channel is nobody's business who wants to end it.
    if (!end) throw unknownChannel();
    return { message: 'success', status: 'cancelled', channel_id: channel, cancelled_at: cancellationOf(end) };
  }
}

/** When a request was cancelled; throws `request_ended` for one that ended otherwise. */
function cancellationOf(end: EndedRequest): string {
  if (end.status === 'failed' && end.code === 'cancelled') return end.failedAt;
  const how =
    end.status === 'completed' ? `completed at ${end.completedAt}` : `failed at ${end.failedAt} (${end.code})`;
  throw new ApiError('request_ended', `The request has ${how}, so it cannot be cancelled any more.`);
}

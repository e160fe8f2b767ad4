import { callbackRefused, type CallbackRecord, type CallbackRefusalCode, type JsonObject } from '@headrace/contracts';
import { EVENT_LOG, type EventLog } from '@headrace/event-log';
import {
  ApiError,
  ApiErrors,
  channelIdOf,
  CurrentProject,
  invalidFields,
  RequiresProjectKey,
  type AuthenticatedProject,
} from '@headrace/http';
import { Body, Controller, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiBody, ApiOkResponse, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import { callbackMessageOf } from './callback-body.js';
import { roundOf } from './callback-round.js';
import { CallbackTaker } from './callback.taker.js';
import { CallbackDto, CallbackReplyDto } from './callback.dto.js';

/** Takes the callbacks of customers' backends (CONTRACT section 5). */
@ApiTags('callbacks')
@Controller(['v1/callback', 'api/v1/callback'])
export class ReceiveCallbackController {
  constructor(
    @Inject(EVENT_LOG) private readonly log: EventLog,
    private readonly taker: CallbackTaker,
  ) {}

  /** The first good callback ends a round, and mostly the request; what comes after it changes nothing. */
  @Post(':channel_id')
  @HttpCode(200)
  @RequiresProjectKey()
  @ApiOperation({
    summary: "Give a request its backend's result",
    description: 'Send `data` or `error` to end it, `tool_results` or `continue` to go on with it.',
  })
  @ApiQuery({ name: 'round', required: false, schema: { type: 'integer' }, description: 'As in the callback_url.' })
  @ApiBody({ type: CallbackDto })
  @ApiOkResponse({ type: CallbackReplyDto })
  @ApiErrors(
    'invalid_request_error',
    'invalid_json',
    'not_found',
    'model_not_found',
    'callback_already_received',
    'callback_not_expected',
    'callback_expired',
    'payload_too_large',
    'unsupported_media_type',
    'service_unavailable',
  )
  async receive(
    @Param('channel_id') channelId: string,
    @Query('round') round: unknown,
    @Body() body: unknown,
    @CurrentProject() { project }: AuthenticatedProject,
  ): Promise<CallbackReplyDto> {
    const channel = channelIdOf(channelId);
    const { callback, goOn } = callbackMessageOf(body, new Date().toISOString());
    const outcome = await this.taker.take(project, channel, { callback, goOn, round: roundOf(round) });
    switch (outcome.outcome) {
      case 'taken':
        return {
          message: 'success',
          status: 'success',
          channel_id: channel,
          ...(outcome.round === undefined ? {} : { round: outcome.round }),
        };
      case 'repeated': {
        const status = outcome.ended ? 'already_completed' : 'already_continued';
        return { message: 'success', status, channel_id: channel };
      }
      case 'invalid':
        throw invalidFields(outcome.details);
      case 'refused':
        await this.keepRefused(project.id, channel, callback, body as JsonObject, outcome.code);
        throw new ApiError(outcome.code, outcome.message);
    }
  }

  /** For the timeline. The message id keeps a backend that repeats itself from filling the log. */
  private async keepRefused(
    project: string,
    channel: string,
    { receivedAt, fingerprint }: CallbackRecord,
    body: JsonObject,
    code: CallbackRefusalCode,
  ): Promise<void> {
    await this.log.append(
      { project, channel, aggregate: callbackRefused.aggregate },
      { type: callbackRefused.type, data: { code, receivedAt, body } },
      { messageId: `${channel}:${code}:${fingerprint}` },
    );
  }
}

import { callbackRefused, type CallbackRecord, type JsonObject } from '@headrace/contracts';
import { requestDecider } from '@headrace/domain';
import { EVENT_LOG, handleCommand, type EventLog } from '@headrace/event-log';
import {
  ApiError,
  ApiErrors,
  channelIdOf,
  CurrentProject,
  invalidFields,
  missingChannel,
  RequiresProjectKey,
  type AuthenticatedProject,
} from '@headrace/http';
import { Body, Controller, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { ApiBody, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { callbackRecordOf } from './callback-body.js';
import { verdictOn, type CallbackVerdict } from './callback-verdict.js';
import { CallbackDto, CallbackReplyDto } from './callback.dto.js';

/** Takes the callbacks of customers' backends (CONTRACT section 5). */
@ApiTags('callbacks')
@Controller(['v1/callback', 'api/v1/callback'])
export class ReceiveCallbackController {
  constructor(@Inject(EVENT_LOG) private readonly log: EventLog) {}

  /** The first good callback ends the request; what comes after it changes nothing. */
  @Post(':channel_id')
  @HttpCode(200)
  @RequiresProjectKey()
  @ApiOperation({ summary: "Give a request its backend's result" })
  @ApiBody({ type: CallbackDto })
  @ApiOkResponse({ type: CallbackReplyDto })
  @ApiErrors(
    'invalid_request_error',
    'invalid_json',
    'not_found',
    'callback_already_received',
    'callback_not_expected',
    'callback_expired',
    'payload_too_large',
    'unsupported_media_type',
    'service_unavailable',
  )
  async receive(
    @Param('channel_id') channelId: string,
    @Body() body: unknown,
    @CurrentProject() { projectId: project }: AuthenticatedProject,
  ): Promise<CallbackReplyDto> {
    const channel = channelIdOf(channelId);
    const callback = callbackRecordOf(body, new Date().toISOString());
    const verdict = await this.decide(project, channel, callback);
    if (verdict?.outcome === 'refused') {
      await this.keepRefused(project, channel, callback, body as JsonObject, verdict.code);
      throw new ApiError(verdict.code, verdict.message);
    }
    if (verdict?.outcome === 'invalid') throw invalidFields(verdict.details);
    return { message: 'success', status: verdict ? 'already_completed' : 'success', channel_id: channel };
  }

  /** Undefined when the callback was taken. */
  private async decide(
    project: string,
    channel: string,
    callback: CallbackRecord,
  ): Promise<CallbackVerdict | undefined> {
    const { event, state } = await handleCommand(
      this.log,
      requestDecider,
      { project, channel, aggregate: 'request' },
      { type: 'receiveCallback', callback, at: callback.receivedAt },
    );
    if (event) return undefined;
    return state.status === 'none' ? missingChannel(this.log, project, channel) : verdictOn(state, callback);
  }

  /** For the timeline. The message id keeps a backend that repeats itself from filling the log. */
  private async keepRefused(
    project: string,
    channel: string,
    { receivedAt, fingerprint }: CallbackRecord,
    body: JsonObject,
    code: Extract<CallbackVerdict, { outcome: 'refused' }>['code'],
  ): Promise<void> {
    await this.log.append(
      { project, channel, aggregate: callbackRefused.aggregate },
      { type: callbackRefused.type, data: { code, receivedAt, body } },
      { messageId: `${channel}:${code}:${fingerprint}` },
    );
  }
}

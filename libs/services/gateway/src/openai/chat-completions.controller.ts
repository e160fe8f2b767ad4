import {
  ApiError,
  ApiErrors,
  CurrentProject,
  RequiresProjectKey,
  sendError,
  TraceParent,
  type AuthenticatedProject,
} from '@headrace/http';
import { ProviderCatalogue } from '@headrace/providers';
import { Body, Controller, HttpCode, Post, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { answeringErrors } from '../accept/asking-errors.js';
import { answerHeaders } from '../sync/answer-headers.js';
import { failedRequest } from '../sync/failed-request.js';
import { AnswerStreams } from '../sync/stream/answer-streams.js';
import { SyncRequests } from '../sync/sync-requests.js';
import { completionOf } from '../sync/whole-answer.js';
import { ChatCompletionDto } from './chat-completion.dto.js';
import { modelTarget } from './models.js';

/** OpenAI's chat completions: its clients work by changing base URL and key. */
@ApiTags('openai')
@Controller(['v1/chat/completions', 'api/v1/chat/completions'])
export class ChatCompletionsController {
  constructor(
    private readonly requests: SyncRequests,
    private readonly streams: AnswerStreams,
    private readonly catalogue: ProviderCatalogue,
  ) {}

  @Post()
  @HttpCode(200)
  @RequiresProjectKey()
  @ApiOperation({ summary: 'Ask a workflow as an OpenAI model' })
  @ApiOkResponse({
    description: 'A `chat.completion`, or with `stream` events of `chat.completion.chunk`.',
    content: {
      'application/json': { schema: { type: 'object', additionalProperties: true } },
      'text/event-stream': { schema: { type: 'string' } },
    },
  })
  @ApiErrors(...answeringErrors, 'model_not_supported', 'upstream_error')
  async complete(
    @Body() sent: ChatCompletionDto,
    @CurrentProject() asker: AuthenticatedProject,
    @TraceParent() traceParent: string | undefined,
    @Req() caller: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const asked = { asker, caller, traceParent, body: this.addressed(sent, asker) };
    if (sent.stream) {
      const includeUsage = sent.stream_options?.include_usage === true;
      // Before the stream has begun, a failure has its own status, which clients know when to try again by.
      const refuse = (error: ApiError): void => sendError(reply, error);
      await this.streams.answer({ ...asked, reply, includeUsage, refuse });
      return;
    }
    const { request, ended } = await this.requests.begin({ ...asked, connection: reply.raw });
    const end = await ended;
    void reply.headers(answerHeaders(request, end));
    if (end.status === 'failed') throw failedRequest(end);
    void reply.send(completionOf(request.channel, end));
  }

  /** The body with what its `model` stands for in our own terms. */
  private addressed(body: ChatCompletionDto, { project }: AuthenticatedProject): ChatCompletionDto {
    const target = modelTarget(body.model, project, this.catalogue);
    if (target.workflow === null) {
      return Object.assign(body, { workflow: null, provider: target.provider, model: target.model });
    }
    if (target.workflow.eventName !== null) {
      const message = `The workflow "${body.model}" is event-driven: its answer comes from a backend. Use /v1/ai/async.`;
      throw new ApiError('model_not_supported', message, { details: [{ param: 'model', message }] });
    }
    return Object.assign(body, { workflow: target.workflow.name });
  }
}

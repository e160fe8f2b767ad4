import { ApiErrors, CurrentProject, RequiresProjectKey, TraceParent, type AuthenticatedProject } from '@headrace/http';
import { Body, Controller, HttpCode, Post, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { answeringErrors } from '../accept/asking-errors.js';
import { answerHeaders } from './answer-headers.js';
import { nativeAnswer } from './native-answer.js';
import { AnswerStreams } from './stream/answer-streams.js';
import { SyncRequestDto } from './sync-request.dto.js';
import { SyncRequests } from './sync-requests.js';

/** Answers requests on the connection that they came by. */
@ApiTags('requests')
@Controller(['v1/ai', 'api/v1/ai', 'api/ai'])
export class SyncRequestController {
  constructor(
    private readonly requests: SyncRequests,
    private readonly streams: AnswerStreams,
  ) {}

  /**
   * Answers with what the AI said, whole or as a stream. A failure of the AI is an answer, too: status 200, with
   * `error` in the body.
   */
  @Post()
  @HttpCode(200)
  @RequiresProjectKey()
  @ApiOperation({ summary: 'Ask an AI and wait for the answer' })
  @ApiOkResponse({
    description: "The provider's body (`format: raw`), `{data, customer_data, meta, backups}` (`wrapped`), or events.",
    content: {
      'application/json': { schema: { type: 'object', additionalProperties: true } },
      'text/event-stream': { schema: { type: 'string' } },
    },
  })
  @ApiErrors(...answeringErrors)
  async answer(
    @Body() body: SyncRequestDto,
    @CurrentProject() asker: AuthenticatedProject,
    @TraceParent() traceParent: string | undefined,
    @Req() caller: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const asked = { asker, caller, body, traceParent };
    if (body.stream) {
      await this.streams.answer({ ...asked, reply, includeUsage: body.stream_options?.include_usage === true });
      return;
    }
    const { request, ended } = await this.requests.begin({ ...asked, connection: reply.raw });
    const end = await ended;
    void reply.headers(answerHeaders(request, end)).send(nativeAnswer(request, end, body.format ?? 'raw'));
  }
}

import { toApiError, type ApiError } from '@headrace/http';
import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { answerHeaders, requestHeaders } from '../answer-headers.js';
import { AnswerWaits } from '../answer-waits.js';
import { failedRequest } from '../failed-request.js';
import { SyncRequests, type SyncCall, type WaitedRequest } from '../sync-requests.js';
import { SyncSettings } from '../sync.settings.js';
import { completionIdOf, secondsOf } from '../whole-answer.js';
import { AnswerStream } from './answer-stream.js';
import { ChatChunks } from './chat-chunks.js';

/** A request whose answer is told piece by piece. */
export interface StreamCall extends Omit<SyncCall, 'connection' | 'onPiece'> {
  readonly reply: FastifyReply;
  /** Whether the tokens are told at the end. */
  readonly includeUsage: boolean;
  /** Answers a request that failed before anything was told: otherwise that is an event of the stream, too. */
  readonly refuse?: (error: ApiError) => void;
}

/** Answers requests with streams. */
@Injectable()
export class AnswerStreams {
  constructor(
    private readonly requests: SyncRequests,
    private readonly waits: AnswerWaits,
    private readonly settings: SyncSettings,
  ) {}

  /** Resolves when the answer is told. Errors: those of letting the request in; later ones go to the client. */
  async answer({ reply, includeUsage, refuse, ...asked }: StreamCall): Promise<void> {
    const stream = new AnswerStream(reply, () => this.waits.closing);
    const waited = await this.requests.begin({
      ...asked,
      connection: reply.raw,
      onPiece: (piece) => stream.tell(piece),
    });
    const { channel, accepted } = waited.request;
    const head = { id: completionIdOf(channel), created: secondsOf(accepted.context.acceptedAt), includeUsage };
    stream.open({
      chunks: new ChatChunks({ ...head, model: accepted.context.workflow }),
      includeUsage,
      headers: requestHeaders(waited.request),
      heartbeatMs: this.settings.streamHeartbeatMs,
      stallMs: this.settings.streamStallMs,
    });
    const failure = await this.follow(waited, stream);
    if (!failure) return;
    if (refuse && !stream.isBegun) {
      stream.cancel();
      refuse(failure);
    } else stream.fail(failure);
  }

  /** Tells the end of the request, unless it is a failure. */
  private async follow({ request, ended }: WaitedRequest, stream: AnswerStream): Promise<ApiError | undefined> {
    try {
      const end = await ended;
      if (end.status === 'failed') return failedRequest(end);
      stream.complete(request.channel, end, answerHeaders(request, end));
      return undefined;
    } catch (error) {
      const known = toApiError(error);
      if (!known) throw error;
      return known;
    }
  }
}

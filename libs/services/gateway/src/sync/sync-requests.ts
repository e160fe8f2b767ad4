import type { AnswerPiece } from '@headrace/contracts';
import { ANSWER_PIECES, followAnswer, type AnswerPieces } from '@headrace/event-log';
import { ApiError } from '@headrace/http';
import { Inject, Injectable } from '@nestjs/common';
import type { ServerResponse } from 'node:http';
import { RequestAcceptor, type AdmittedRequest, type AskedRequest } from '../accept/request-acceptor.js';
import type { EndedRequest } from '../cancel/request.canceller.js';
import { AnswerWaits } from './answer-waits.js';
import { SyncSettings } from './sync.settings.js';

/** A request and how its caller waits for it. */
export interface SyncCall extends Omit<AskedRequest, 'sync'> {
  readonly traceParent: string | undefined;
  /** The caller's connection: when it closes, the answer is not wanted any more. */
  readonly connection: ServerResponse;
  /** Told of each piece of the answer, none left out in the middle; without it the answer is wanted whole. */
  readonly onPiece?: (piece: AnswerPiece) => void;
}

/** A request that is in the log and waited for. */
export interface WaitedRequest {
  readonly request: AdmittedRequest;
  /**
   * Its end. Errors: `sync_timeout`; `request_cancelled` when the caller has left; `service_unavailable` when this
   * process stops.
   */
  readonly ended: Promise<EndedRequest>;
}

/** Requests whose callers wait: they go through the log like all others, and are answered on the connection. */
@Injectable()
export class SyncRequests {
  constructor(
    private readonly acceptor: RequestAcceptor,
    private readonly waits: AnswerWaits,
    @Inject(ANSWER_PIECES) private readonly pieces: AnswerPieces,
    private readonly settings: SyncSettings,
  ) {}

  /** Resolves once the request is durable. Errors: those of letting it in. */
  async begin({ traceParent, connection, onPiece, ...asked }: SyncCall): Promise<WaitedRequest> {
    const request = await this.acceptor.admit({ ...asked, sync: { stream: onPiece !== undefined } });
    if (connection.destroyed) throw callerLeft();
    // Before the append, so that whatever happens to the request is heard of.
    const wait = this.waits.begin(request);
    const follower = onPiece && followAnswer(this.pieces, request.project, request.channel, onPiece);
    const leave = (): void => wait.giveUp(callerLeft());
    const timer = setTimeout(() => wait.giveUp(this.tookTooLong()), this.settings.syncTimeoutMs);
    const stop = (): void => {
      clearTimeout(timer);
      connection.off('close', leave);
      follower?.close();
      wait.close();
    };
    connection.once('close', leave);
    void wait.ended.then(stop, stop);
    try {
      const place = await this.acceptor.append(request, traceParent);
      // A repetition: its end may have been told already.
      if (place === undefined) void wait.read();
      wait.appended();
    } catch (error) {
      // What was not confirmed may be stored all the same, and nobody would wait for it.
      wait.giveUp(callerLeft());
      stop();
      throw error;
    }
    return { request, ended: wait.ended };
  }

  private tookTooLong(): ApiError {
    return new ApiError(
      'sync_timeout',
      `The request was not answered within ${this.settings.syncTimeoutMs} ms. Use /v1/ai/async for what takes long.`,
      // OpenAI's clients would come again with what has just taken too long.
      { headers: { 'x-should-retry': 'false' } },
    );
  }
}

const callerLeft = (): ApiError =>
  new ApiError('request_cancelled', 'The connection was closed before the answer was there.');

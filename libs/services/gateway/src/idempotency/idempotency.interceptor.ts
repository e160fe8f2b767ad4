import type { Json, RecordAddress } from '@headrace/contracts';
import { RecordConflict, SHARED_RECORDS, type SharedRecords } from '@headrace/event-log';
import { projectOf } from '@headrace/http';
import { fingerprintOf, SecretBox } from '@headrace/secrets';
import {
  Inject,
  Injectable,
  Logger,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { lastValueFrom, of, type Observable } from 'rxjs';
import {
  idempotencyKeyOf,
  keyAddress,
  keyInUse,
  keyReused,
  outcomeUnknown,
  replayedHeader,
} from './idempotency-key.js';
import { IdempotencySettings } from './idempotency.config.js';
import { nothingHappened } from './nothing-happened.js';
import { routeNamed } from './routes.js';
import { openState, sealState, type KeyState } from './stored-answer.js';

/**
 * Routes that answer for repetitions themselves: requests to the AI are kept apart by the log (`RequestRepetitions`),
 * a callback by what it says, and asking for a token again is meant to bring another.
 */
const ownRoutes: ReadonlySet<string> = new Set([
  '/v1/ai',
  '/v1/ai/async',
  '/v1/ai/reconnect',
  '/v1/chat/completions',
  '/v1/callback/:channel_id',
]);

/** No answer takes as long as this: its process has died. */
const longestAnswerMs = 60_000;

/** A request that took its key, and at which revision. */
interface Claimed {
  readonly address: RecordAddress;
  readonly fingerprint: string;
  readonly revision: number;
}

/**
 * Answers a POST that is repeated with its `Idempotency-Key` as the first one was answered. A key is taken before the
 * work begins, by one request of all replicas, and is given back when the work certainly did nothing. Work that was
 * interrupted is never done twice: its key says so until its life is over.
 */
@Injectable()
export class IdempotencyInterceptor implements NestInterceptor {
  private readonly log = new Logger('Idempotency');

  constructor(
    @Inject(SHARED_RECORDS) private readonly records: SharedRecords,
    private readonly box: SecretBox,
    private readonly settings: IdempotencySettings,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> | Promise<Observable<unknown>> {
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    if (request.method !== 'POST' || request.headers['idempotency-key'] === undefined) return next.handle();
    const route = routeNamed(request.routeOptions.url ?? '');
    if (ownRoutes.has(route)) return next.handle();
    return this.once(route, request, http.getResponse<FastifyReply>(), next);
  }

  private async once(
    route: string,
    request: FastifyRequest,
    reply: FastifyReply,
    next: CallHandler,
  ): Promise<Observable<unknown>> {
    const key = idempotencyKeyOf(request.headers) ?? '';
    // Without a project's key it is the operator's administrator: others were turned away before.
    const address = keyAddress(projectOf(request)?.projectId ?? 'operator', route, key);
    const claim = await this.claim(address, fingerprintOf(request.params, request.body));
    if ('revision' in claim) return of(await this.work(claim, reply, next));
    void reply.status(claim.status).headers(replayedHeader);
    return of(claim.body);
  }

  /** Takes the key, or finds the answer that it has. */
  private async claim(
    address: RecordAddress,
    fingerprint: string,
  ): Promise<Claimed | Extract<KeyState, { state: 'answered' }>> {
    const found = await this.records.read(address);
    const known = found && openState(this.box, address, found.value);
    if (known && known.state !== 'free') {
      if (known.fingerprint !== fingerprint) throw keyReused();
      if (known.state === 'answered') return known;
      const works = known.state === 'running' && Date.now() - known.since < longestAnswerMs;
      throw works ? keyInUse() : outcomeUnknown();
    }
    try {
      const running: KeyState = { fingerprint, state: 'running', since: Date.now() };
      const revision = await this.write(address, running, found?.revision ?? 0);
      return { address, fingerprint, revision };
    } catch (error) {
      if (!(error instanceof RecordConflict)) throw error;
      return this.claim(address, fingerprint);
    }
  }

  private async work(claimed: Claimed, reply: FastifyReply, next: CallHandler): Promise<unknown> {
    let body: unknown;
    try {
      body = await lastValueFrom(next.handle(), { defaultValue: undefined });
    } catch (error) {
      await this.remember(claimed, { state: nothingHappened(error) ? 'free' : 'unknown' });
      throw error;
    }
    await this.remember(claimed, { state: 'answered', status: reply.statusCode, body: body as Json });
    return body;
  }

  /** The work is done whatever becomes of this; a key of which nothing more is known ends as interrupted. */
  private async remember(
    { address, fingerprint, revision }: Claimed,
    outcome: Partial<KeyState> & Pick<KeyState, 'state'>,
  ): Promise<void> {
    try {
      await this.write(address, { fingerprint, ...outcome } as KeyState, revision);
    } catch (error) {
      this.log.warn(`The outcome of a request with an Idempotency-Key is not remembered: ${String(error)}`);
    }
  }

  private write(address: RecordAddress, state: KeyState, expectedRevision: number): Promise<number> {
    const { lifeMs } = this.settings;
    return this.records.write(address, sealState(this.box, address, state), { lifeMs, expectedRevision });
  }
}

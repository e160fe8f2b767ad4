import { createHash, randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { negotiateSerializer } from '@headrace/contracts';
import type { PhoenixServer } from '../phoenix-server.js';
import { originAllowed, readConnect } from '../upgrade-request.js';
import { answer, pollStatus, type PollBody } from './long-poll-answer.js';
import { LongPollSession } from './long-poll-session.js';
import { BodyTooLarge, framesOf, readBody, readSession, sessionTokenPrefix } from './read-poll.js';

/** Bounds of the transport. Those of a socket hold for each of its sessions as well. */
export interface LongPollLimits {
  /** Milliseconds that a poll waits for a frame; without a poll for half as long again, a session ends. */
  readonly windowMs: number;
  /** Sessions at a time. */
  readonly maxSessions: number;
  /** Bytes of one request with frames. */
  readonly maxBodyBytes: number;
}

/** Seconds for which browsers keep the answer about what other origins may send. */
const preflightSeconds = 3_600;
/** What a browser of another origin may send besides the usual, if it does not say what it wants to. */
const knownHeaders = 'content-type, x-phoenix-authtoken, x-phoenix-longpoll-token';

/**
 * The long-polling transport of a Phoenix server, for networks that let no WebSockets through: GET waits for frames,
 * POST brings some. A session lives in the process that opened it.
 */
export class LongPollServer<Session> {
  /** By the hash of their tokens, so that no time taken tells anything of a token. */
  private readonly sessions = new Map<string, LongPollSession>();

  constructor(
    private readonly server: PhoenixServer<Session>,
    private readonly limits: LongPollLimits,
  ) {}

  /** Open sessions. */
  get size(): number {
    return this.sessions.size;
  }

  /** Answers one request at the transport's path; its body must be unread. */
  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.on('error', () => undefined);
    response.setHeader('access-control-allow-origin', '*');
    response.setHeader('cache-control', 'no-store');
    if (this.server.closing) response.setHeader('connection', 'close');
    try {
      if (!originAllowed(request.headers.origin, this.server.options.allowedOrigins)) {
        answer(response, { status: pollStatus.refused, reason: 'This origin may not connect.' });
      } else if (request.method === 'OPTIONS') preflight(request, response);
      else if (request.method === 'GET') await this.poll(request, response);
      else if (request.method === 'POST') await this.publish(request, response);
      else response.writeHead(400).end();
    } catch (error) {
      if (!request.destroyed) this.server.options.onFault('long poll', error);
      answer(response, { status: pollStatus.tryAgain });
    }
  }

  private async poll(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { token, params } = readSession(request);
    const session = this.sessionOf(token);
    if (session) session.poll(response);
    else await this.open(request, response, params, token !== undefined);
  }

  private async open(
    request: IncomingMessage,
    response: ServerResponse,
    params: URLSearchParams,
    replacesAnother: boolean,
  ): Promise<void> {
    const serializer = negotiateSerializer(params);
    if (!serializer) return answer(response, { status: pollStatus.refused, reason: 'There is no such vsn.' });
    const header = request.headers['x-phoenix-authtoken'];
    const connect = readConnect(params, this.server.options, typeof header === 'string' ? header : undefined);
    const outcome = await this.server.options.connect(connect);
    if ('refuse' in outcome) {
      const { status, body: reason } = outcome.refuse;
      if (status === pollStatus.refused) return answer(response, { status, ...(reason ? { reason } : {}) });
      return answer(response, { status: pollStatus.tryAgain, ...(reason ? { reason } : {}) }, status);
    }
    if (this.server.closing) return answer(response, { status: pollStatus.tryAgain, reason: 'Shutting down.' }, 503);
    if (this.sessions.size >= this.limits.maxSessions) {
      return answer(response, { status: pollStatus.tryAgain, reason: 'Too many long-poll sessions.' }, 503);
    }
    const shares = this.server.sharesOf(outcome.session, request);
    const refusal = this.server.refusalOf(shares);
    if (refusal !== undefined) return answer(response, { status: pollStatus.tryAgain, reason: refusal }, 429);
    if (response.destroyed) return;
    const session = this.begin(replacesAnother);
    session.owner = this.server.adopt(session, { serializer, session: outcome.session, shares });
    answer(response, { messages: [], status: pollStatus.gone, token: session.token });
  }

  private begin(replacesAnother: boolean): LongPollSession {
    const token = `${sessionTokenPrefix}${randomBytes(24).toString('base64url')}`;
    const key = keyOf(token);
    const { windowMs } = this.limits;
    const onEnd = (): void => void this.sessions.delete(key);
    const session = new LongPollSession({ token, windowMs, replacesAnother, onEnd });
    this.sessions.set(key, session);
    return session;
  }

  private async publish(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const session = this.sessionOf(readSession(request).token);
    if (!session) return refuseBody(request, response, { status: pollStatus.gone });
    // Frames behind a join that is being decided wait on the connection, not in memory.
    await session.paused?.promise;
    const body = await readBody(request, this.limits.maxBodyBytes).catch((error: unknown) => error as Error);
    if (body instanceof BodyTooLarge) {
      const reason = `At most ${this.limits.maxBodyBytes} bytes at once.`;
      return refuseBody(request, response, { status: pollStatus.tooLarge, reason });
    }
    if (body instanceof Error) throw body;
    const frames = framesOf(body, request.headers['content-type']);
    if (!frames) {
      return answer(response, { status: pollStatus.badRequest, reason: 'Not up to 100 lines of JSON or base64.' });
    }
    const { maxFrameBytes } = this.server.options.limits;
    if (frames.some((frame) => Buffer.byteLength(frame) > maxFrameBytes)) {
      return answer(response, { status: pollStatus.tooLarge, reason: `A frame has at most ${maxFrameBytes} bytes.` });
    }
    for (const frame of frames) session.receive(frame);
    if (session.open) answer(response, { status: pollStatus.messages });
    else
      answer(response, {
        status: pollStatus.badRequest,
        reason: 'This is no frame, or one too many; the session is over.',
      });
  }

  private sessionOf(token: string | undefined): LongPollSession | undefined {
    return token === undefined ? undefined : this.sessions.get(keyOf(token));
  }
}

const keyOf = (token: string): string => createHash('sha256').update(token).digest('base64');

function preflight({ headers }: IncomingMessage, response: ServerResponse): void {
  response.writeHead(200, {
    'access-control-allow-methods': 'get, post, options',
    'access-control-allow-headers': headers['access-control-request-headers'] ?? knownHeaders,
    'access-control-max-age': String(preflightSeconds),
    'content-length': 0,
  });
  response.end();
}

/** Answers a request whose body is not read to its end: the connection cannot be used again. */
function refuseBody(request: IncomingMessage, response: ServerResponse, body: PollBody): void {
  if (!request.complete) response.setHeader('connection', 'close');
  answer(response, body);
}

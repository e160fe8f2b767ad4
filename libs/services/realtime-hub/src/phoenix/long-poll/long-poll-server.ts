import type { IncomingMessage, ServerResponse } from 'node:http';
import { negotiateSerializer } from '@headrace/contracts';
import type { LongPollPeers, PeerSubscription } from '@headrace/event-log';
import type { LongPollTokenClaims, LongPollTokens } from '@headrace/secrets';
import type { PhoenixServer } from '../phoenix-server.js';
import { originAllowed, readConnect } from '../upgrade-request.js';
import { ForeignSessions } from './foreign-sessions.js';
import { answer, pollStatus, type PollBody } from './long-poll-answer.js';
import type { LongPollLimits } from './long-poll-limits.js';
import type { LongPollSession } from './long-poll-session.js';
import { LongPollSessions, tooMuch } from './long-poll-sessions.js';
import type { PollCounts } from './poll-counts.js';
import { BodyTooLarge, readBody, readSession, sessionTokenPrefix } from './read-poll.js';
import { OwnPoll } from './waiting-poll.js';

/** What the transport needs besides the server. */
export interface LongPollParts {
  readonly limits: LongPollLimits;
  readonly tokens: LongPollTokens;
  readonly peers: LongPollPeers;
  /** Counts requests by address; without it they are not counted. */
  readonly counts?: PollCounts;
}

/** Seconds for which browsers keep the answer about what other origins may send. */
const preflightSeconds = 3_600;
/** What a browser of another origin may send besides the usual, if it does not say what it wants to. */
const knownHeaders = 'content-type, x-phoenix-authtoken, x-phoenix-longpoll-token';

/**
 * The long-polling transport of a Phoenix server, for networks that let no WebSockets through: GET waits for frames,
 * POST brings some. A session lives in the process that opened it; a request that comes to another is passed on there.
 */
export class LongPollServer<Session> {
  private readonly sessions: LongPollSessions;
  private readonly foreign: ForeignSessions;
  private serving: PeerSubscription | undefined;

  constructor(
    private readonly server: PhoenixServer<Session>,
    private readonly parts: LongPollParts,
  ) {
    const { limits, onFault } = server.options;
    const { maxFrameBytes } = limits;
    this.sessions = new LongPollSessions({ ...parts, limits: { ...parts.limits, maxFrameBytes }, onFault });
    this.foreign = new ForeignSessions(parts.peers, parts.limits.windowMs);
  }

  /** Open sessions of this process. */
  get size(): number {
    return this.sessions.size;
  }

  /** Lets other hubs ask for the sessions of this one. */
  start(): void {
    this.serving = this.parts.peers.serve(this.sessions.hub, (question) => this.sessions.answer(question));
  }

  /** After the sockets were closed, the sessions among them: answers what still waits for other hubs. */
  close(): void {
    this.serving?.close();
    this.foreign.close();
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
      else if (this.parts.counts?.isTooMany(request, Date.now())) refuseFlood(request, response);
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
    const { own, foreign } = this.find(token);
    if (own) return own.poll(new OwnPoll(response));
    if (token !== undefined && foreign && (await this.foreign.poll(foreign, token, response))) return;
    await this.open(request, response, params, token !== undefined);
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
    if (this.sessions.size >= this.parts.limits.maxSessions) {
      return answer(response, { status: pollStatus.tryAgain, reason: 'Too many long-poll sessions.' }, 503);
    }
    const shares = this.server.sharesOf(outcome.session, request);
    const refusal = this.server.refusalOf(shares);
    if (refusal !== undefined) return answer(response, { status: pollStatus.tryAgain, reason: refusal }, 429);
    if (response.destroyed) return;
    const session = this.sessions.begin(replacesAnother);
    session.owner = this.server.adopt(session, { serializer, session: outcome.session, shares });
    answer(response, { messages: [], status: pollStatus.gone, token: session.token });
  }

  private async publish(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { own, foreign } = this.find(readSession(request).token);
    if (!own && !foreign) return refuseBody(request, response, { status: pollStatus.gone });
    // Frames behind a join that is being decided wait on the connection, not in memory.
    await own?.paused?.promise;
    const { maxBodyBytes } = this.parts.limits;
    const body = await readBody(request, maxBodyBytes).catch((error: unknown) => error as Error);
    if (body instanceof BodyTooLarge) return refuseBody(request, response, tooMuch(maxBodyBytes));
    if (body instanceof Error) throw body;
    const contentType = request.headers['content-type'] ?? '';
    if (foreign) await this.foreign.publish(foreign, { body, contentType }, response);
    else if (own) answer(response, this.sessions.receive(own, body, contentType));
  }

  /** The session of a token: of this process, or of another, which knows whether there still is one. */
  private find(token: string | undefined): { own?: LongPollSession | undefined; foreign?: LongPollTokenClaims } {
    const named = token === undefined ? undefined : this.parts.tokens.read(token.slice(sessionTokenPrefix.length));
    if (!named) return {};
    return named.hub === this.sessions.hub ? { own: this.sessions.find(named.session) } : { foreign: named };
  }
}

function preflight({ headers }: IncomingMessage, response: ServerResponse): void {
  response.writeHead(200, {
    'access-control-allow-methods': 'get, post, options',
    'access-control-allow-headers': headers['access-control-request-headers'] ?? knownHeaders,
    'access-control-max-age': String(preflightSeconds),
    'content-length': 0,
  });
  response.end();
}

/** Tells an address that asks too often to begin anew later, whatever it asks. */
function refuseFlood(request: IncomingMessage, response: ServerResponse): void {
  const body = { status: pollStatus.tryAgain, reason: 'Too many polls of this address.' };
  refuseBody(request, response, body, 429);
}

/** Answers a request whose body is not read to its end: the connection cannot be used again. */
function refuseBody(request: IncomingMessage, response: ServerResponse, body: PollBody, httpStatus = 200): void {
  if (!request.complete) response.setHeader('connection', 'close');
  answer(response, body, httpStatus);
}

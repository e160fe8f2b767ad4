import { channelTopic, realtimeJoined } from '@headrace/contracts';
import { isStillGood } from '@headrace/domain';
import { EVENT_LOG, RecentIds, type EventLog, type Recorded } from '@headrace/event-log';
import { ApiError, authenticateRequest, RealtimeSettings } from '@headrace/http';
import { ProjectStore } from '@headrace/project-store';
import { ChannelTokens } from '@headrace/secrets';
import { Inject, Injectable, Logger } from '@nestjs/common';
import type { RequestIds } from './followed-request.js';
import type { Follower } from './follower.js';

/** Channels whose join is remembered: clients that come again and again do not ask the log each time. */
const remembered = 10_000;

/** What a client shows. */
export interface ShownAccess {
  readonly authorization: string | undefined;
  readonly origin: string | undefined;
  readonly token: string | undefined;
}

/** Pages that read events without `EventSource` are told when to come again, too. */
const exposed = { 'access-control-expose-headers': 'retry-after' };

/** Who may follow a channel: those with a key of its project, and those who may join it on a socket. */
@Injectable()
export class FollowerAccess {
  readonly #logger = new Logger(FollowerAccess.name);
  readonly #joined = new RecentIds(remembered);

  constructor(
    @Inject(EVENT_LOG) private readonly log: EventLog,
    private readonly projects: ProjectStore,
    private readonly tokens: ChannelTokens,
    private readonly settings: RealtimeSettings,
  ) {}

  /** Headers by which browsers let a page of another origin read the answer. */
  corsHeaders(origin: string | undefined): Record<string, string> {
    const { allowedOrigins } = this.settings;
    if (allowedOrigins.length === 0) return { ...exposed, 'access-control-allow-origin': '*' };
    const isAllowed = origin !== undefined && allowedOrigins.includes(origin);
    return { vary: 'origin', ...(isAllowed ? { ...exposed, 'access-control-allow-origin': origin } : {}) };
  }

  /**
   * What a client that may follow a channel was let in by. With a key, whether its project has the channel is still to
   * be seen. Errors: `invalid_api_key`, `permission_error`.
   */
  async admit(channel: string, shown: ShownAccess, now: Date): Promise<Omit<Follower, 'address'>> {
    const { allowedOrigins } = this.settings;
    if (shown.origin !== undefined && allowedOrigins.length > 0 && !allowedOrigins.includes(shown.origin)) {
      throw new ApiError(
        'permission_error',
        'Pages of this origin may not follow channels. Ask the operator to allow it.',
      );
    }
    if (shown.token !== undefined && shown.authorization === undefined) {
      return { ids: await this.#byToken(channel, shown.token, now), keyId: null };
    }
    if (shown.authorization === undefined) throw nothingShown();
    const headers = { authorization: shown.authorization };
    const { projectId, keyId } = await authenticateRequest(this.projects, { headers });
    return { ids: { project: projectId, channel }, keyId };
  }

  /** Notes that a channel was joined, which keeps its used tokens good. Nobody waits for it. */
  joined(ids: RequestIds, cause: Recorded | undefined, now: Date): void {
    if (!this.#joined.add(ids.channel)) return;
    const data = { topic: channelTopic(ids.project, ids.channel), joinedAt: now.toISOString() };
    const options = { messageId: `joined.${ids.channel}`, cause };
    this.log
      .append({ ...ids, aggregate: 'realtime' }, { type: realtimeJoined.type, data }, options)
      .catch((error: unknown) => {
        this.#joined.forget(ids.channel);
        this.#logger.debug(`A join of ${ids.channel} was not recorded: ${String(error)}`);
      });
  }

  async #byToken(channel: string, token: string, now: Date): Promise<RequestIds> {
    const verdict = await this.tokens.verify(token, now);
    if (verdict.status === 'invalid') throw refused('invalid_api_key', 'The token is not one of ours.');
    const { project_id: project, channel_id: granted, exp } = verdict.claims;
    if (granted !== channel) throw refused('permission_error', 'The token is for another channel.');
    const ids = { project, channel };
    if (verdict.status === 'expired' && !(await this.#isStillGood(ids, exp, now))) {
      throw refused('invalid_api_key', 'The token has expired.');
    }
    return ids;
  }

  async #isStillGood(ids: RequestIds, expiresAt: number, now: Date): Promise<boolean> {
    const [request, realtime] = await Promise.all([
      this.log.last({ ...ids, aggregate: 'request' }),
      this.log.read({ ...ids, aggregate: 'realtime' }),
    ]);
    return isStillGood(expiresAt, { request, realtime }, now, this.settings.tokenGraceSeconds * 1_000);
  }
}

const nothingShown = (): ApiError =>
  new ApiError(
    'invalid_api_key',
    'Neither a token nor an API key was sent. Add "?token=" with the ws_token of the channel, or send a key as "Authorization: Bearer <key>".',
    { headers: { 'www-authenticate': 'Bearer' } },
  );

const refused = (code: 'invalid_api_key' | 'permission_error', message: string): ApiError =>
  new ApiError(code, `${message} POST /v1/ai/reconnect gives a fresh one.`);

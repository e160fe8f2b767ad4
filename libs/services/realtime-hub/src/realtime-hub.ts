import type { Server } from 'node:http';
import {
  ACCESS_CHECKS,
  AccessWatch,
  ANSWER_PIECES,
  CHANNEL_FEED,
  CONFIGURATION_NOTICES,
  EVENT_LOG,
  LONG_POLL_PEERS,
  PROJECT_FEED,
  VIEWERS,
  type AccessChecks,
  type AnswerPieces,
  type ChannelFeed,
  type ChannelSubscription,
  type ConfigurationNotices,
  type EventLog,
  type LongPollPeers,
  type ProjectFeed,
  type Viewers,
} from '@headrace/event-log';
import { HttpSettings, instanceName, RealtimeSettings, sharesBy, SharesInUse } from '@headrace/http';
import { ChannelTokens, LongPollTokens, ProjectTokens } from '@headrace/secrets';
import { metrics } from '@headrace/telemetry';
import {
  Inject,
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
  type OnModuleInit,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { authorizeUpgrade } from './authorize-upgrade.js';
import { addressBehind } from './client-address.js';
import { LongPollServer } from './phoenix/long-poll/long-poll-server.js';
import { PollCounts } from './phoenix/long-poll/poll-counts.js';
import { PhoenixServer } from './phoenix/phoenix-server.js';
import type { Subscription } from './phoenix/subscription.js';
import { ProjectChannel, projectTopicPrefix } from './project-channel/project.channel.js';
import { ProjectWatches } from './project-channel/project-watches.js';
import { RealtimeHubSettings } from './realtime-hub.config.js';
import { ChannelWatches } from './response-channel/channel-watches.js';
import { RealtimeFacts } from './response-channel/realtime-facts.js';
import { ResponseChannel } from './response-channel/response.channel.js';
import { responseTopicPrefix } from './response-channel/response-topic.js';
import type { TokenSession } from './response-channel/token-session.js';
import { shareIdsBy } from './share-ids.js';

/** Serves the sockets of this process, on its HTTP server, from start to shutdown. */
@Injectable()
export class RealtimeHub implements OnModuleInit, OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #logger = new Logger(RealtimeHub.name);
  readonly #server: PhoenixServer<TokenSession>;
  readonly #longPolls: LongPollServer<TokenSession>;
  readonly #watches: ChannelWatches;
  readonly #projects: ProjectWatches;
  readonly #viewers: ChannelSubscription;
  readonly #access: AccessWatch<Subscription<TokenSession>>;
  readonly #reports = [
    metrics.realtimeSockets.report(() => this.sockets),
    metrics.realtimeChannels.report(() => this.channels),
  ];

  constructor(
    private readonly adapters: HttpAdapterHost,
    private readonly settings: RealtimeHubSettings,
    shared: RealtimeSettings,
    sharesInUse: SharesInUse,
    http: HttpSettings,
    tokens: ChannelTokens,
    projectTokens: ProjectTokens,
    pollTokens: LongPollTokens,
    @Inject(EVENT_LOG) log: EventLog,
    @Inject(CHANNEL_FEED) feed: ChannelFeed,
    @Inject(ANSWER_PIECES) pieces: AnswerPieces,
    @Inject(PROJECT_FEED) projectFeed: ProjectFeed,
    @Inject(VIEWERS) viewers: Viewers,
    @Inject(ACCESS_CHECKS) checks: AccessChecks,
    @Inject(CONFIGURATION_NOTICES) notices: ConfigurationNotices,
    @Inject(LONG_POLL_PEERS) peers: LongPollPeers,
  ) {
    this.#watches = new ChannelWatches({
      log,
      feed,
      pieces,
      facts: new RealtimeFacts(log, instanceName('realtime-hub')),
    });
    const channel = new ResponseChannel(this.#watches, log, shared.tokenGraceSeconds * 1_000);
    this.#projects = new ProjectWatches({ feed: projectFeed, viewers });
    this.#viewers = viewers.report(() => this.#watches.viewers());
    const everyMs = shared.accessCheckMs;
    this.#access = new AccessWatch({ checks, notices, everyMs, onEnd: (watcher) => watcher.close() });
    const dashboards = new ProjectChannel(this.#projects, checks, this.#access);
    const addressOf = addressBehind(http.trustProxy);
    this.#server = new PhoenixServer<TokenSession>({
      path: '/socket',
      limits: settings,
      allowedOrigins: shared.allowedOrigins,
      acceptAuthSubprotocol: true,
      acknowledgeStaleLeave: true,
      connect: (request) => authorizeUpgrade(tokens, projectTokens, request, new Date()),
      sharesOf: sharesBy(shared, shareIdsBy(addressOf)),
      sharesInUse,
      channelFor: (topic) => {
        if (topic.startsWith(responseTopicPrefix)) return channel;
        return topic.startsWith(projectTopicPrefix) ? dashboards : undefined;
      },
      onFault: (what, error) => this.#logger.error(`A socket's ${what} failed: ${String(error)}`),
    });
    const limits = {
      windowMs: settings.longPollWindowMs,
      maxSessions: settings.maxLongPolls,
      maxBodyBytes: settings.maxBufferedBytes,
    };
    const counts = new PollCounts(settings.maxPollsPerIp, addressOf);
    this.#longPolls = new LongPollServer(this.#server, { limits, tokens: pollTokens, peers, counts });
  }

  /** Open sockets of this process. */
  get sockets(): number {
    return this.#server.size;
  }

  /** Channels that sockets of this process wait for. */
  get channels(): number {
    return this.#watches.size;
  }

  /** Long polls bring bodies that no other route takes, so they are taken before anything reads them. */
  onModuleInit(): void {
    const fastify = this.adapters.httpAdapter.getInstance<FastifyInstance>();
    const onRequest = (request: FastifyRequest, reply: FastifyReply): void => {
      reply.hijack();
      void this.#longPolls.handle(request.raw, reply.raw);
    };
    fastify.all('/socket/longpoll', { onRequest }, () => undefined);
    this.#longPolls.start();
  }

  onApplicationBootstrap(): void {
    this.#server.attach(this.adapters.httpAdapter.getHttpServer() as Server);
  }

  /** Before the HTTP server stops, which waits for its connections. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.#server.close(undefined, this.settings.closesPerSecond);
    this.#longPolls.close();
    this.#watches.close();
    this.#viewers.close();
    this.#projects.close();
    this.#access.close();
    for (const stop of this.#reports) stop();
  }
}

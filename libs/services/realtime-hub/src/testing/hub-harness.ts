import { randomUUID } from 'node:crypto';
import { channelTopic, type AggregateAddress } from '@headrace/contracts';
import {
  ACCESS_CHECKS,
  ANSWER_PIECES,
  CHANNEL_FEED,
  CONFIGURATION_NOTICES,
  EVENT_LOG,
  LONG_POLL_PEERS,
  PROJECT_FEED,
  VIEWERS,
  type LongPollPeers,
} from '@headrace/event-log';
import {
  InMemoryAccessChecks,
  InMemoryAnswerPieces,
  InMemoryLongPollPeers,
  InMemoryViewers,
} from '@headrace/event-log/testing';
import { HttpSettings, RealtimeSettings, SharesInUse } from '@headrace/http';
import { startHttp, type HttpHarness } from '@headrace/http/testing';
import { NoticesInMemory } from '@headrace/project-store/testing';
import { ChannelTokens, LongPollTokens, ProjectTokens } from '@headrace/secrets';
import { allMetrics, renderMetrics } from '@headrace/telemetry';
import { RealtimeHubSettings } from '../realtime-hub.config.js';
import { RealtimeHubModule } from '../realtime-hub.module.js';
import { LogInMemory } from './log-in-memory.js';
import { RawClient } from './raw-client.js';

const tokens = new ChannelTokens('a master key of at least 32 characters');
const projectTokens = new ProjectTokens('a master key of at least 32 characters');
const pollTokens = new LongPollTokens('a master key of at least 32 characters');

/** What a hub has in common with others of a test. */
export interface SharedByHubs {
  readonly log?: LogInMemory;
  readonly peers?: LongPollPeers;
}

/** A request as its client knows it. */
export interface TestRequest {
  readonly project: string;
  readonly channel: string;
  /** `ai_response:{project}:{channel}` */
  readonly topic: string;
  /** Where its decision events are. */
  readonly address: AggregateAddress;
}

/** The hub as it runs in a process, on an HTTP server of its own and a log in memory. */
export class HubHarness {
  private constructor(
    private readonly http: HttpHarness,
    readonly log: LogInMemory,
    readonly pieces: InMemoryAnswerPieces,
    readonly access: InMemoryAccessChecks,
    readonly notices: NoticesInMemory,
    readonly viewers: InMemoryViewers,
  ) {}

  static async start(
    settings: Partial<RealtimeHubSettings & RealtimeSettings> = {},
    { log = new LogInMemory(), peers = new InMemoryLongPollPeers() }: SharedByHubs = {},
  ): Promise<HubHarness> {
    const pieces = new InMemoryAnswerPieces();
    const access = new InMemoryAccessChecks();
    const notices = new NoticesInMemory();
    const viewers = new InMemoryViewers();
    const http = await startHttp({
      modules: [RealtimeHubModule],
      providers: [
        { provide: RealtimeHubSettings, useValue: Object.assign(new RealtimeHubSettings(), settings) },
        { provide: RealtimeSettings, useValue: Object.assign(new RealtimeSettings(), settings) },
        SharesInUse,
        { provide: HttpSettings, useValue: new HttpSettings() },
        { provide: ChannelTokens, useValue: tokens },
        { provide: ProjectTokens, useValue: projectTokens },
        { provide: LongPollTokens, useValue: pollTokens },
        { provide: LONG_POLL_PEERS, useValue: peers },
        { provide: EVENT_LOG, useValue: log },
        { provide: CHANNEL_FEED, useValue: log },
        { provide: PROJECT_FEED, useValue: log.ofProjects },
        { provide: ANSWER_PIECES, useValue: pieces },
        { provide: ACCESS_CHECKS, useValue: access },
        { provide: VIEWERS, useValue: viewers },
        { provide: CONFIGURATION_NOTICES, useValue: notices },
      ],
    });
    return new HubHarness(http, log, pieces, access, notices, viewers);
  }

  /** Sends a plain request and resolves to its status. */
  async statusOf(method: string, path: string): Promise<number> {
    return (await this.http.ask(method, path)).status;
  }

  stop(): Promise<void> {
    return this.http.close();
  }

  /** Open sockets, as the metrics tell. */
  get sockets(): number {
    return gauge('headrace_realtime_sockets');
  }

  /** Channels that are followed, as the metrics tell. */
  get channels(): number {
    return gauge('headrace_realtime_channels');
  }

  /** `websocket_url`. */
  get url(): string {
    return `${this.http.url.replace('http', 'ws')}/socket`;
  }

  aRequest(): TestRequest {
    const [project, channel] = [randomUUID(), randomUUID()];
    const address = { project, channel, aggregate: 'request' };
    return { project, channel, topic: channelTopic(project, channel), address };
  }

  /** A token of a request, made at a time. */
  token({ project, channel }: TestRequest, madeAt = new Date()): Promise<string> {
    return tokens.mint(project, channel, madeAt);
  }

  /** A token of a whole project, made at a time, with a key unless the administrator made it. */
  projectToken(project: string, madeAt = new Date(), keyId: string | null = null): string {
    return projectTokens.mint(project, keyId, madeAt).token;
  }

  /** A socket of version 2 with a token. */
  connect(token: string): Promise<RawClient> {
    return RawClient.connect(`${this.url}/websocket?${new URLSearchParams({ vsn: '2.0.0', token }).toString()}`);
  }

  /** A socket that joined its request under a join_ref, the reply taken. */
  async join(request: TestRequest, joinRef = '1', topic = request.topic): Promise<RawClient> {
    const client = await this.connect(await this.token(request));
    client.send([joinRef, joinRef, topic, 'phx_join', {}]);
    const reply = await client.frame();
    if (JSON.stringify(reply) !== JSON.stringify(joinOk(joinRef, topic))) throw new Error(JSON.stringify(reply));
    return client;
  }
}

function gauge(name: string): number {
  const line = renderMetrics(allMetrics)
    .split('\n')
    .find((text) => text.startsWith(`${name} `));
  return Number(line?.slice(name.length + 1));
}

/** The reply to a join that was let in. */
export const joinOk = (joinRef: string, topic: string): unknown => [
  joinRef,
  joinRef,
  topic,
  'phx_reply',
  { status: 'ok', response: {} },
];

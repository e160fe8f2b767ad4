import type { RequestEvent } from '@headrace/contracts';
import { aGeneration, anAcceptedRequest, anOutput } from '@headrace/domain/testing';
import { ACCESS_CHECKS, ANSWER_PIECES, CHANNEL_FEED, CONFIGURATION_NOTICES, VIEWERS } from '@headrace/event-log';
import { InMemoryAccessChecks, InMemoryAnswerPieces, InMemoryViewers } from '@headrace/event-log/testing';
import { RealtimeSettings } from '@headrace/http';
import { aProject, projectId, ProjectsInMemory, withKeyOf, type HttpHarness } from '@headrace/http/testing';
import { NoticesInMemory } from '@headrace/project-store/testing';
import type { ReadModel } from '@headrace/read-model';
import { randomUUID } from 'node:crypto';
import { get, type ClientRequest } from 'node:http';
import { FollowSettings } from '../follow/follow.settings.js';
import { SyncSettings } from '../sync/sync.settings.js';
import { EventReader } from './event-reader.js';
import { FollowedEventLog } from './followed-event-log.js';
import { startGateway } from './gateway.harness.js';

/** A second project. */
export const otherProject = '0198d6a0-0000-7000-8000-000000000002';

const accepted = anAcceptedRequest({ eventName: 'ready' });
const outcome = { context: accepted.context, generation: aGeneration(), output: anOutput() };
const completedAt = '2026-01-01T00:00:03.000Z';

/** What happens to a request, in the order in which it may. */
export const happened = {
  accepted: { type: 'request.accepted', data: accepted },
  generated: {
    type: 'request.generated',
    data: { ...outcome, generatedAt: '2026-01-01T00:00:01.000Z', callbackDeadline: '2026-01-01T00:05:00.000Z' },
  },
  completed: { type: 'request.completed', data: { ...outcome, callback: null, completedAt } },
  failed: {
    type: 'request.failed',
    data: { ...outcome, code: 'provider_failed', message: 'Down.', details: {}, callback: null, failedAt: completedAt },
  },
} satisfies Record<string, RequestEvent>;

/** What a test wants otherwise. */
interface FollowWorld {
  readonly follow?: Partial<FollowSettings & RealtimeSettings>;
  readonly stream?: Partial<SyncSettings>;
  readonly readModel?: Partial<ReadModel>;
}

/** The request routes on a log in memory that is followed; the test stands for what happens to requests. */
export class FollowHarness {
  private constructor(
    readonly http: HttpHarness,
    readonly log: FollowedEventLog,
    readonly pieces: InMemoryAnswerPieces,
    readonly access: InMemoryAccessChecks,
    readonly notices: NoticesInMemory,
    readonly viewers: InMemoryViewers,
  ) {}

  static async start({ follow, stream, readModel }: FollowWorld = {}): Promise<FollowHarness> {
    const log = new FollowedEventLog();
    const pieces = new InMemoryAnswerPieces();
    const access = new InMemoryAccessChecks();
    const notices = new NoticesInMemory();
    const viewers = new InMemoryViewers();
    const projects = new ProjectsInMemory(aProject(), aProject({ id: otherProject }));
    const http = await startGateway(log, projects, readModel, undefined, {
      providers: [
        { provide: CHANNEL_FEED, useValue: log },
        { provide: ANSWER_PIECES, useValue: pieces },
        { provide: ACCESS_CHECKS, useValue: access },
        { provide: VIEWERS, useValue: viewers },
        { provide: CONFIGURATION_NOTICES, useValue: notices },
        { provide: FollowSettings, useValue: Object.assign(new FollowSettings(), follow) },
        { provide: RealtimeSettings, useValue: Object.assign(new RealtimeSettings(), follow) },
        { provide: SyncSettings, useValue: Object.assign(new SyncSettings(), stream) },
      ],
    });
    return new FollowHarness(http, log, pieces, access, notices, viewers);
  }

  /** A request with a history. */
  async channelWith(...history: readonly RequestEvent[]): Promise<string> {
    const channel = randomUUID();
    for (const event of history) await this.append(channel, event);
    return channel;
  }

  /** Stores what happens next to a request; resolves to its place in the log. */
  append(channel: string, event: RequestEvent): Promise<number> {
    return this.log.append({ project: projectId, channel, aggregate: 'request' }, event);
  }

  /** Asks for a request with the project's key. */
  show(channel: string, query = '', project = projectId) {
    return this.http.ask('GET', `/v1/requests/${channel}${query}`, { headers: withKeyOf(project) });
  }

  /** Follows a request's events: with the project's key, unless there is a token. */
  async events(channel: string, { token, ...headers }: { token?: string } & Record<string, string> = {}) {
    const query = token === undefined ? '' : `?token=${token}`;
    const key = token === undefined ? withKeyOf(projectId) : {};
    return EventReader.open(`${this.http.url}/v1/requests/${channel}/events${query}`, { ...key, ...headers });
  }

  /** Asks on a connection that can be broken. */
  getOnce(path: string, headers: Record<string, string> = withKeyOf(projectId)): ClientRequest {
    const options = { headers, agent: false } as const;
    return get(`${this.http.url}${path}`, options).on('error', () => undefined);
  }

  close(): Promise<void> {
    return this.http.close();
  }
}

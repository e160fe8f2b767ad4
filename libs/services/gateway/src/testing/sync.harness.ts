import type { JsonObject, RequestEvent } from '@headrace/contracts';
import { requestDecider, type RequestCommand } from '@headrace/domain';
import { ANSWER_PIECES, CHANNEL_FEED, handleCommand, type Recorded } from '@headrace/event-log';
import { InMemoryAnswerPieces } from '@headrace/event-log/testing';
import { aProject, ProjectsInMemory, projectId, withKeyOf, type HttpHarness } from '@headrace/http/testing';
import type { ProjectConfiguration } from '@headrace/project-store';
import { request, type ClientRequest } from 'node:http';
import { SyncModule } from '../sync.module.js';
import { SyncSettings } from '../sync/sync.settings.js';
import { FollowedEventLog } from './followed-event-log.js';
import { startGateway } from './gateway.harness.js';

type Generation = Omit<Extract<RequestCommand, { type: 'recordGeneration' }>, 'type' | 'at' | 'callbackDeadline'>;
type Failure = Omit<Extract<RequestCommand, { type: 'recordGenerationFailure' }>, 'type' | 'at'>;

/** What an AI of the test does with a request. */
export type Answerer = (request: Recorded, runner: FakeRunner) => void | Promise<void>;

/** The synchronous routes on a log in memory; the test stands for the ai-runner. */
export class SyncHarness {
  private constructor(
    readonly http: HttpHarness,
    readonly log: FollowedEventLog,
    readonly pieces: InMemoryAnswerPieces,
  ) {}

  static async start(
    settings: Partial<SyncSettings> = {},
    project: ProjectConfiguration = aProject(),
  ): Promise<SyncHarness> {
    const log = new FollowedEventLog();
    const pieces = new InMemoryAnswerPieces();
    const http = await startGateway(log, new ProjectsInMemory(project), undefined, undefined, {
      modules: [SyncModule],
      providers: [
        { provide: CHANNEL_FEED, useValue: log },
        { provide: ANSWER_PIECES, useValue: pieces },
        { provide: SyncSettings, useValue: Object.assign(new SyncSettings(), settings) },
      ],
    });
    return new SyncHarness(http, log, pieces);
  }

  /** Has the next request answered as the test says. */
  async onRequest(answer: Answerer): Promise<Recorded> {
    const request = await this.log.appended('request.accepted');
    await answer(request, this.runnerOf(request));
    return request;
  }

  /** Who answers a request. */
  runnerOf(request: Recorded): FakeRunner {
    return new FakeRunner(this.log, this.pieces, request);
  }

  /** Asks with the project's key; the answer as it comes. */
  fetch(path: string, body: JsonObject, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(`${this.http.url}${path}`, {
      method: 'POST',
      headers: { ...withKeyOf(projectId), ...headers },
      body: JSON.stringify(body),
    });
  }

  /** Asks on a connection that can be broken. Not by `fetch`, which opens another one in its place. */
  askOnce(path: string, body: JsonObject, more: Record<string, string> = {}): ClientRequest {
    const headers = { ...withKeyOf(projectId), ...more };
    const options = { method: 'POST', headers, agent: false } as const;
    return request(`${this.http.url}${path}`, options)
      .on('error', () => undefined)
      .end(JSON.stringify(body));
  }

  /** The last event of a request. */
  async last({ address }: Recorded): Promise<RequestEvent> {
    return (await this.log.last(address)) as unknown as RequestEvent;
  }

  close(): Promise<void> {
    return this.http.close();
  }
}

/** Stands for the ai-runner: tells pieces and records the end. */
export class FakeRunner {
  #index = 0;

  constructor(
    private readonly log: FollowedEventLog,
    private readonly pieces: InMemoryAnswerPieces,
    private readonly request: Recorded,
  ) {}

  tell(piece: { content?: string; toolCalls?: JsonObject[] }): void {
    const { project, channel } = this.request.address;
    this.pieces.tell(project, channel, { index: this.#index, ...piece });
    this.#index += 1;
  }

  /** Generates a piece that the gateway does not hear of. */
  lose(): void {
    this.#index += 1;
  }

  async complete(generation: Generation): Promise<void> {
    const at = new Date().toISOString();
    await this.#decide({ type: 'recordGeneration', ...generation, at, callbackDeadline: at });
  }

  async fail(failure: Failure): Promise<void> {
    await this.#decide({ type: 'recordGenerationFailure', ...failure, at: new Date().toISOString() });
  }

  async #decide(command: RequestCommand): Promise<void> {
    await handleCommand(this.log, requestDecider, this.request.address, command);
  }
}

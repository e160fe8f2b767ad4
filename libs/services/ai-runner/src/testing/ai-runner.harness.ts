import { HeadraceSettings } from '@headrace/config';
import {
  generationAttempted,
  generationResumeTimer,
  type AnswerPiece,
  type DataOf,
  type GenerationAttempt,
  type GenerationPlan,
  type RequestContext,
  type requestAccepted,
} from '@headrace/contracts';
import { requestDecider } from '@headrace/domain';
import { anAcceptedRequest } from '@headrace/domain/testing';
import {
  handleCommand,
  type AnswerPieces,
  type Delivery,
  type EventLog,
  type FiredTimer,
  type RequestFailures,
  type Timers,
} from '@headrace/event-log';
import {
  InMemoryAnswerPieces,
  InMemoryEventLog,
  InMemoryRequestFailures,
  InMemorySharedRecords,
  InMemoryTimers,
} from '@headrace/event-log/testing';
import { AddressPolicy, OutboundHttp, OutboundHttpSettings } from '@headrace/outbound-http';
import type { OwnPrices, ProviderCredential } from '@headrace/project-store';
import { ProviderRegistry, SchemaCompiler, SchemaInstances } from '@headrace/providers';
import { Unlimited, type Admission } from '../admission.port.js';
import { AiRunnerSettings } from '../ai-runner.config.js';
import type { AskedEvent } from '../asked-event.js';
import { AttemptLog } from '../attempt/attempt-log.js';
import { ProviderAttempts } from '../attempt/provider-attempts.js';
import { AsPlanned, type AttemptOrder } from '../attempt-order.port.js';
import { AnswerCache } from '../cache/answer-cache.js';
import { GenerationCost } from '../cost/generation-cost.js';
import { RequestEnds } from '../ends/request-ends.js';
import { GenerateOnRequestAskedHandler } from '../generate-on-request-asked.handler.js';
import { GenerationDecisions } from '../generation-decisions.js';
import { GenerationRunner } from '../generation-runner.js';
import { Generations } from '../generations.js';
import { AnswerTellers } from '../pieces/answer-tellers.js';
import { ResumeOnGenerationDueHandler } from '../resume-on-generation-due.handler.js';
import { TestModeRunner } from '../test-mode-runner.js';
import { OneProject } from './one-project.js';
import { WatchedLog } from './watched-log.js';

const noPrices: OwnPrices = { version: 0, prices: [], note: null, createdAt: null };
const never = new AbortController().signal;
const address = { project: 'project-1', channel: '3f9f6b8e-0000-4000-8000-000000000001', aggregate: 'request' };

/** What a test may put in place of the ai-runner's surroundings. */
export interface HarnessParts {
  readonly credentials?: readonly ProviderCredential[];
  readonly timeScale?: number;
  readonly settings?: Partial<AiRunnerSettings>;
  readonly admission?: Admission;
  readonly order?: AttemptOrder;
  /** The operator's own. */
  readonly prices?: OwnPrices;
  /** Wraps the log, to make it fail. */
  readonly wrapLog?: (log: InMemoryEventLog) => EventLog;
  /** Ports of a real NATS, in place of those in memory. */
  readonly ports?: {
    readonly eventLog: EventLog;
    readonly timers: Timers;
    readonly requestFailures: RequestFailures;
    readonly answerPieces: AnswerPieces;
  };
  /** Fails every look-up of the configuration. */
  readonly storeIsAway?: boolean;
}

/** Data of `request.accepted`, plan and context as overridden. */
export function anAccepted(
  plan: Partial<GenerationPlan> = {},
  context: Partial<RequestContext> = {},
): DataOf<typeof requestAccepted> {
  const accepted = anAcceptedRequest({ customerData: {}, ...context });
  return { ...accepted, plan: { ...accepted.plan, ...plan } };
}

/** The ai-runner on an in-memory log and real HTTP. */
export class AiRunnerHarness {
  readonly log = new WatchedLog();
  readonly timers = new InMemoryTimers();
  readonly records = new InMemorySharedRecords();
  readonly failures = new InMemoryRequestFailures();
  readonly pieces = new InMemoryAnswerPieces();
  /** Every piece that was told of the request's answer. */
  readonly told: AnswerPiece[] = [];
  readonly handler: GenerateOnRequestAskedHandler;
  readonly resumeHandler: ResumeOnGenerationDueHandler;
  private readonly http: OutboundHttp;

  constructor(parts: HarnessParts = {}) {
    const { credentials = [], timeScale = 1, wrapLog = (log) => log, storeIsAway = false } = parts;
    const outbound = Object.assign(new OutboundHttpSettings(), { allowLoopback: true });
    this.http = new OutboundHttp(new AddressPolicy(outbound), outbound);
    const limits = { connectTimeoutMs: 1_000, maxResponseBytes: 1024 * 1024 };
    const providers = new ProviderRegistry(this.http, limits, { offlineFaults: true });
    const { ports } = parts;
    const log = ports?.eventLog ?? wrapLog(this.log);
    const headrace = Object.assign(new HeadraceSettings(), { timeScale });
    const settings = Object.assign(new AiRunnerSettings(), parts.settings);
    const attempts = new ProviderAttempts(providers, new OneProject(address.project, credentials, storeIsAway));
    const attemptLog = new AttemptLog(log);
    const schemas = new SchemaCompiler();
    const ends = new RequestEnds(ports?.requestFailures ?? this.failures);
    ends.onModuleInit();
    const generations = new Generations(
      new GenerationRunner(attempts, attemptLog, schemas, parts.order ?? new AsPlanned(), settings, headrace),
      new TestModeRunner(schemas, new SchemaInstances()),
      new GenerationDecisions(
        log,
        headrace,
        new GenerationCost({ current: parts.prices ?? noPrices }),
        new AnswerCache(this.records, log),
      ),
      attemptLog,
      ends,
      new AnswerTellers(ports?.answerPieces ?? this.pieces),
      parts.admission ?? new Unlimited(),
      ports?.timers ?? this.timers,
    );
    generations.onModuleInit();
    this.handler = new GenerateOnRequestAskedHandler(generations);
    this.resumeHandler = new ResumeOnGenerationDueHandler(generations);
    this.pieces.follow(address.project, address.channel, (piece) => this.told.push(piece));
  }

  /** Appends a `request.accepted`, as the gateway does. */
  async accept(accepted = anAccepted()): Promise<AskedEvent> {
    await this.log.append(address, { type: 'request.accepted', data: accepted }, { expectedRevision: 0 });
    return (await this.log.last(address)) as AskedEvent;
  }

  /** Delivers the event that asks to the handler. */
  deliver(event: AskedEvent, delivery: Partial<Delivery> = {}): Promise<void> {
    return this.handler.generate(event, { count: 1, isLast: false, signal: never, ...delivery });
  }

  /** Fires the timers that are due by `now`; resolves when they are handled. */
  async fireTimers(now: Date, delivery: Partial<Delivery> = {}): Promise<void> {
    for (const timer of this.timers.fireUntil(now)) {
      const fired = timer as FiredTimer<typeof generationResumeTimer>;
      await this.resumeHandler.resume(fired, { count: 1, isLast: false, signal: never, ...delivery });
    }
  }

  /** Has the timer of a generation fire that waits for `event`'s answer. */
  resume(event: AskedEvent): Promise<void> {
    const timer = { address: { kind: generationResumeTimer.kind, ...event.address, key: 'generation' } };
    const fired = { ...timer, id: 't', traceParent: event.traceParent, data: { revision: event.sequence } };
    return this.resumeHandler.resume(fired, { count: 1, isLast: false, signal: never });
  }

  /** Tells of an attempt that failed, as another process does; `retryAt`: the same target is to be tried again. */
  async tellAttempt(attempt: Partial<GenerationAttempt>, retryAt?: string, final?: boolean): Promise<void> {
    const failed: GenerationAttempt = {
      provider: 'openai',
      model: 'gpt-4o',
      status: 'error',
      startedAt: new Date().toISOString(),
      durationMs: 10,
      httpStatus: 500,
      reason: 'HTTP 500',
      ...attempt,
    };
    const number = (await this.attempts()).length + 1;
    const data = { number, attempt: failed, retryAt, final };
    await this.log.append({ ...address, aggregate: 'generation' }, { type: generationAttempted.type, data });
  }

  /** Cancels the request, as the gateway does. */
  async cancel(): Promise<void> {
    await handleCommand(this.log, requestDecider, address, { type: 'cancel', at: new Date().toISOString() });
    this.failures.tell(address.project, address.channel);
  }

  /** Accepts and generates; resolves to the types of all events and the data of the last one of the request. */
  async run(accepted = anAccepted()) {
    await this.deliver(await this.accept(accepted));
    return this.outcome();
  }

  /** The types of all events so far, and the data of the request's last one. */
  async outcome() {
    const last = await this.log.last(address);
    return { types: this.log.all.map(({ type }) => type), data: last?.data };
  }

  /** Data of the events that tell of failed attempts. */
  async attempts() {
    return (await this.log.read({ ...address, aggregate: 'generation' })).map(({ data }) => data);
  }

  close(): Promise<void> {
    return this.http.close();
  }
}

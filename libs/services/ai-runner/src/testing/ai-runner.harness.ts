import { HeadraceSettings } from '@headrace/config';
import type { DataOf, GenerationPlan, RequestContext, requestAccepted } from '@headrace/contracts';
import { anAcceptedRequest } from '@headrace/domain/testing';
import type { Delivery, EventLog } from '@headrace/event-log';
import { InMemoryEventLog } from '@headrace/event-log/testing';
import { AddressPolicy, OutboundHttp, OutboundHttpSettings } from '@headrace/outbound-http';
import { ProjectStore, type ProjectConfiguration, type ProviderCredential } from '@headrace/project-store';
import { aBareProject } from '@headrace/project-store/testing';
import { ProviderRegistry, SchemaCompiler, SchemaInstances } from '@headrace/providers';
import { ProviderAttempts } from '../attempt/provider-attempts.js';
import { GenerateOnRequestAcceptedHandler } from '../generate-on-request-accepted.handler.js';
import { GenerationRunner, type AcceptedEvent } from '../generation-runner.js';

const never = new AbortController().signal;
const address = { project: 'project-1', channel: '3f9f6b8e-0000-4000-8000-000000000001', aggregate: 'request' };

/** What a test may put in place of the ai-runner's surroundings. */
export interface HarnessParts {
  readonly credentials?: readonly ProviderCredential[];
  readonly timeScale?: number;
  /** Wraps the log, to make it fail. */
  readonly wrapLog?: (log: InMemoryEventLog) => EventLog;
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
  readonly log = new InMemoryEventLog();
  readonly handler: GenerateOnRequestAcceptedHandler;
  private readonly http: OutboundHttp;

  constructor({ credentials = [], timeScale = 1, wrapLog = (log) => log, storeIsAway = false }: HarnessParts = {}) {
    const outbound = Object.assign(new OutboundHttpSettings(), { allowLoopback: true });
    this.http = new OutboundHttp(new AddressPolicy(outbound), outbound);
    const limits = { connectTimeoutMs: 1_000, maxResponseBytes: 1024 * 1024 };
    const providers = new ProviderRegistry(this.http, limits, { offlineFaults: true });
    const log = wrapLog(this.log);
    const attempts = new ProviderAttempts(providers, new OneProject(credentials, storeIsAway));
    const runner = new GenerationRunner(log, attempts, new SchemaCompiler(), new SchemaInstances());
    const settings = Object.assign(new HeadraceSettings(), { timeScale });
    this.handler = new GenerateOnRequestAcceptedHandler(log, runner, settings);
  }

  /** Appends a `request.accepted`, as the gateway does. */
  async accept(accepted = anAccepted()): Promise<AcceptedEvent> {
    await this.log.append(address, { type: 'request.accepted', data: accepted }, { expectedRevision: 0 });
    return (await this.log.last(address)) as AcceptedEvent;
  }

  /** Delivers an accepted event to the handler. */
  deliver(event: AcceptedEvent, delivery: Partial<Delivery> = {}): Promise<void> {
    return this.handler.generate(event, { count: 1, isLast: false, signal: never, ...delivery });
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

  close(): Promise<void> {
    return this.http.close();
  }
}

/** A store with one project. */
class OneProject extends ProjectStore {
  constructor(
    private readonly credentials: readonly ProviderCredential[],
    private readonly isAway: boolean,
  ) {
    super();
  }

  async authenticate(): Promise<undefined> {
    return undefined;
  }

  async project(id: string): Promise<ProjectConfiguration | undefined> {
    if (this.isAway) throw new Error('the database is away');
    if (id !== address.project) return undefined;
    const credentials = new Map(this.credentials.map((credential) => [credential.provider, credential]));
    return aBareProject({ id, credentials });
  }
}

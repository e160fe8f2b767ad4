import { AnswerStream } from './answer-stream.js';
import { GenerationError } from './errors.js';
import { settingsOf, type CallOptions, type HeadraceOptions, type MakingOptions } from './options.js';
import { Callbacks } from './resources/callbacks.js';
import { ApiKeys, ProviderCredentials } from './resources/access.js';
import { Models, Prices } from './resources/catalogue.js';
import { DeadLetters, Deliveries, Replays } from './resources/deliveries.js';
import { Projects } from './resources/projects.js';
import { Requests } from './resources/requests.js';
import { Webhooks } from './resources/webhooks.js';
import { StructuredOutputs, Workflows } from './resources/workflows.js';
import { Api } from './transport/api.js';
import { HttpCaller } from './transport/http-caller.js';
import type { Answer, Ask, AsyncAsk, ChannelAccess, PendingRequest } from './types/ask.js';
import type { Json, JsonObject } from './types/json.js';
import type { Meta } from './types/meta.js';

/** The system itself gives up after ten minutes. */
const askTimeoutMs = 11 * 60_000;
const cancelTimeoutMs = 10_000;

/** A client of one project. Make one and keep it; it holds nothing open. */
export class Headrace {
  readonly requests: Requests;
  readonly callbacks: Callbacks;
  readonly deliveries: Deliveries;
  readonly deadLetters: DeadLetters;
  readonly replays: Replays;
  readonly workflows: Workflows;
  readonly structuredOutputs: StructuredOutputs;
  readonly webhooks: Webhooks;
  readonly providerCredentials: ProviderCredentials;
  readonly apiKeys: ApiKeys;
  readonly projects: Projects;
  readonly models: Models;
  readonly prices: Prices;
  readonly #http: HttpCaller;

  /** Throws `ConfigurationError` when there is no key, or an option cannot work. */
  constructor(options: HeadraceOptions = {}) {
    const settings = settingsOf(options);
    this.#http = new HttpCaller(settings);
    this.requests = new Requests(this.#http);
    this.callbacks = new Callbacks(this.#http, settings);
    const api = new Api(this.#http);
    this.deliveries = new Deliveries(api);
    this.deadLetters = new DeadLetters(api);
    this.replays = new Replays(api);
    this.workflows = new Workflows(api);
    this.structuredOutputs = new StructuredOutputs(api);
    this.webhooks = new Webhooks(api);
    this.providerCredentials = new ProviderCredentials(api);
    this.apiKeys = new ApiKeys(api);
    this.projects = new Projects(api);
    this.models = new Models(api);
    this.prices = new Prices(api);
  }

  /** Asks an AI without waiting: resolves once the request is on disk. Its result comes by webhook and WebSocket. */
  async trigger(ask: AsyncAsk, options?: MakingOptions): Promise<PendingRequest> {
    return (await this.#make<PendingRequest>('/v1/ai/async', ask, options)).body;
  }

  /**
   * Asks an AI and waits for the answer. Throws `GenerationError` when no provider gave one. Aborting the call does not
   * end the request, whose channel is not known by then: `stream`, or `trigger` and `requests.cancel`, can.
   */
  async ask<Data = Json>(ask: Ask, options?: MakingOptions): Promise<Answer<Data>> {
    const body = { ...ask, format: 'wrapped', stream: false };
    const answered = await this.#make<Answer<Data> | FailedAnswer>('/v1/ai', body, options, askTimeoutMs);
    if (!('error' in answered.body)) return answered.body;
    const { error, customer_data: customerData, meta } = answered.body;
    throw new GenerationError({ ...error, customerData, meta, requestId: answered.requestId });
  }

  /**
   * Asks an AI and gives the answer piece by piece. Resolves when the answer begins. Who leaves the stream before its
   * end cancels the request, unless the idempotency key is the caller's own.
   */
  async stream(ask: Ask, options: MakingOptions = {}): Promise<AnswerStream> {
    const { idempotencyKey, ...others } = options;
    const call = { method: 'POST', path: '/v1/ai', body: { ...ask, stream: true }, idempotencyKey } as const;
    // With our key the system keeps the answer for a caller who comes back; nobody else knows it, so nobody can.
    const abandon = (channelId: string): void => {
      this.requests.cancel(channelId, { timeoutMs: cancelTimeoutMs, maxRetries: 1 }).catch(() => undefined);
    };
    return new AnswerStream(await this.#http.open(call, others), idempotencyKey === undefined ? abandon : undefined);
  }

  /** A fresh token for a request made before, for a front-end that comes back. */
  async reconnect(channelId: string, options?: CallOptions): Promise<ChannelAccess> {
    const call = { method: 'POST', path: '/v1/ai/reconnect', body: { channel_id: channelId } } as const;
    return (await this.#http.call<ChannelAccess>(call, options)).body;
  }

  #make<Body>(path: string, body: object, options: MakingOptions = {}, timeoutMs?: number) {
    const { idempotencyKey, ...others } = options;
    return this.#http.call<Body>({ method: 'POST', path, body, idempotencyKey, timeoutMs }, others);
  }
}

interface FailedAnswer {
  readonly error: { readonly message: string; readonly code: string; readonly details: Json };
  readonly customer_data: JsonObject;
  readonly meta: Meta;
}

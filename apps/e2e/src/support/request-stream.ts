import { setTimeout as delay } from 'node:timers/promises';
import type { ReceivedRequest } from '@headrace/testing';
import { anAsk } from './api-client.js';
import { callbackUrlIn, type Backend } from './backend.js';
import { watchToTheEnd, type Frame } from './browser.js';
import { Progress } from './progress.js';
import type { Stage } from './stage.js';
import { resultsFor, toolCallsIn, weatherTool } from './tools.js';
import type { AsyncReply, WebhookBody } from './wire.js';

/** The steps of a request that can be counted from outside. */
export type Step = 'accepted' | 'webhook' | 'calling back' | 'called back' | 'ended';

/** One request of a stream, followed to its end. */
export interface Followed {
  readonly reply: AsyncReply;
  readonly frames: readonly Frame[];
}

export interface StreamOptions {
  readonly workflow: string;
  readonly requests: number;
  /** Whether the backend calls back; if not, the requests time out. */
  readonly callsBack: boolean;
  /** How often the model calls tools and the backend sends their results; never when left out. */
  readonly toolRounds?: number;
}

/** How long everything may take, crash and recovery included. */
const limitMs = 100_000;
const askers = 4;
const againMs = 50;
/** Long enough for several requests to be in each step at any moment. */
const metadata = { latency_ms: 30 };
const webhookMs = 30;

/** Requests that go through a system while parts of it are killed. Everybody outside tries again after a failure. */
export class RequestStream {
  readonly progress = new Progress<Step>();
  /** Resolves when all requests have ended. */
  readonly followed: Promise<Followed[]>;
  readonly signal = AbortSignal.timeout(limitMs);
  #toAsk: number;

  constructor(
    private readonly stage: Stage,
    backend: Backend,
    private readonly options: StreamOptions,
  ) {
    this.#toAsk = options.requests;
    backend.answers(async (webhook) => {
      this.progress.happened('webhook');
      if (options.callsBack) void this.#callBack(webhook);
      return { status: 200, delayMs: webhookMs };
    });
    this.followed = this.#askAll();
    // Whoever waits for it hears of a failure; a test that failed before does not wait any more.
    this.followed.catch(() => undefined);
  }

  /** Resolves when a step has happened so many times. */
  reached(step: Step, times: number): Promise<void> {
    return this.progress.reached(step, times, this.signal);
  }

  async #askAll(): Promise<Followed[]> {
    const perAsker = await Promise.all(Array.from({ length: askers }, () => this.#askOneByOne()));
    return Promise.all(perAsker.flat());
  }

  async #askOneByOne(): Promise<Promise<Followed>[]> {
    const asked: Promise<Followed>[] = [];
    while (this.#toAsk-- > 0) asked.push(this.#follow(await this.#ask()));
    return asked;
  }

  async #ask(): Promise<AsyncReply> {
    const { workflow, toolRounds } = this.options;
    const tools = toolRounds === undefined ? {} : { tools: [weatherTool] };
    const asked = { workflow, ...tools, metadata: { ...metadata, tool_rounds: toolRounds ?? 0 } };
    const { body } = await this.#until(
      () => this.stage.api.call<AsyncReply>('POST', '/v1/ai/async', anAsk(asked)),
      ({ status }) => status === 200,
    );
    this.progress.happened('accepted');
    return body;
  }

  async #follow(reply: AsyncReply): Promise<Followed> {
    const frames = await watchToTheEnd(reply, this.signal);
    this.progress.happened('ended');
    return { reply, frames };
  }

  async #callBack(webhook: ReceivedRequest): Promise<void> {
    if (webhook.json<WebhookBody>().callback_url === undefined) return;
    this.progress.happened('calling back');
    const calls = toolCallsIn(webhook);
    const body = calls.length > 0 ? resultsFor(webhook) : { data: { row: webhook.headers['mr-channel-id'] } };
    await this.#until(
      () => this.stage.api.call('POST', callbackUrlIn(webhook), body),
      ({ status }) => status < 500,
    );
    this.progress.happened('called back');
  }

  /** Tries again until it gets a good answer, as callers of a system that may be away do. */
  async #until<Answer>(call: () => Promise<Answer>, isGood: (answer: Answer) => boolean): Promise<Answer> {
    for (;;) {
      try {
        const answer = await call();
        if (isGood(answer)) return answer;
      } catch (error) {
        if (this.signal.aborted) throw error;
      }
      this.signal.throwIfAborted();
      await delay(againMs);
    }
  }
}

import { setTimeout as delay } from 'node:timers/promises';
import { expect } from '@jest/globals';
import { waitFor } from '@headrace/testing';
import { anAsk } from './api-client.js';
import { RecordingReceiver, type ArrivedMessage } from './recording-receiver.js';
import type { Stage } from './stage.js';
import type { AsyncReply } from './wire.js';

const askers = 16;
const againMs = 50;

/** Many requests of which each is delivered to several endpoints, on their way while something is broken. */
export class Volume {
  /** Resolves to the channels of all requests, once each was answered 200. */
  readonly accepted: Promise<string[]>;
  #left: number;

  private constructor(
    private readonly stage: Stage,
    readonly receiver: RecordingReceiver,
    readonly requests: number,
    readonly endpoints: number,
    private readonly signal: AbortSignal,
  ) {
    this.#left = requests;
    this.accepted = this.#askAll();
    // Whoever waits for it hears of a failure; a test that failed before does not wait any more.
    this.accepted.catch(() => undefined);
  }

  /** Registers the endpoints, by way of `through` if given, and begins to ask. */
  static async start(
    stage: Stage,
    options: { requests: number; endpoints: number; limitMs: number; through?: (url: string) => Promise<string> },
  ): Promise<Volume> {
    const { requests, endpoints, limitMs, through } = options;
    const receiver = await RecordingReceiver.start(2);
    stage.atEnd(() => receiver.stop());
    const url = through ? await through(receiver.url) : receiver.url;
    for (let index = 0; index < endpoints; index += 1) {
      const { id } = await stage.api.must<{ id: string }>('POST', '/v1/webhooks', { url: `${url}/hook-${index}` });
      stage.atEnd(() => void stage.api.call('DELETE', `/v1/webhooks/${id}`).catch(() => undefined));
    }
    return new Volume(stage, receiver, requests, endpoints, AbortSignal.timeout(limitMs));
  }

  get deliveries(): number {
    return this.requests * this.endpoints;
  }

  /** Resolves when so many different messages have come. */
  async reached(messages: number): Promise<void> {
    await waitFor(async () => (await this.receiver.soFar()).messages >= messages, {
      timeoutMs: 100_000,
      everyMs: 25,
      what: `${messages} deliveries have arrived`,
    });
  }

  /**
   * Resolves to what came once every delivery of every accepted request has; of a request whose 200 was lost on its
   * way, nobody says how many there are.
   */
  async delivered(): Promise<{ messages: ArrivedMessage[]; channels: string[] }> {
    const channels = await this.accepted;
    const wanted = new Set(channels);
    const messages = await waitFor(
      async () => {
        const ofAccepted = (await this.receiver.messages()).filter(({ channel }) => wanted.has(channel));
        return ofAccepted.length >= channels.length * this.endpoints && ofAccepted;
      },
      { timeoutMs: 100_000, everyMs: 100, what: `every delivery of ${channels.length} requests has arrived` },
    );
    return { messages, channels };
  }

  async #askAll(): Promise<string[]> {
    const perAsker = await Promise.all(Array.from({ length: askers }, () => this.#askOneByOne()));
    return perAsker.flat();
  }

  async #askOneByOne(): Promise<string[]> {
    const channels: string[] = [];
    while (this.#left-- > 0) channels.push(await this.#ask());
    return channels;
  }

  async #ask(): Promise<string> {
    for (;;) {
      try {
        const { status, body } = await this.stage.api.call<AsyncReply>(
          'POST',
          '/v1/ai/async',
          anAsk({ workflow: 'demo' }),
        );
        if (status === 200) return body.channel_id;
        // Nothing else may be said while something is away.
        expect([429, 503]).toContain(status);
      } catch (error) {
        if (this.signal.aborted || !(error instanceof TypeError || isTimeout(error))) throw error;
      }
      this.signal.throwIfAborted();
      await delay(againMs);
    }
  }
}

const isTimeout = (error: unknown): boolean => error instanceof Error && error.name === 'TimeoutError';

/** What must hold whatever was broken: nothing lost (that is what `delivered` waits for), nothing changed. */
export function expectSameBytesOfEach(messages: readonly ArrivedMessage[]): void {
  expect(messages.filter(({ hashes }) => hashes !== 1)).toEqual([]);
  expect(new Set(messages.map(({ channel, path }) => `${channel} ${path}`)).size).toBe(messages.length);
}

/** How many requests too many the receiver got. */
export const repetitions = (messages: readonly ArrivedMessage[]): number =>
  messages.reduce((sum, { count }) => sum + count - 1, 0);

import { it } from '@jest/globals';
import type { ChannelClient } from '@headrace/testing';
import type { ApiClient } from './api-client.js';
import { Backend } from './backend.js';
import { watch } from './browser.js';
import type { System } from './system.js';
import type { AsyncReply } from './wire.js';

const testLimitMs = 60_000;

/** What one test has: a system, and people around it who leave when the test is over. */
export class Stage {
  readonly #leaving: (() => void | Promise<void>)[] = [];

  constructor(readonly system: System) {}

  get api(): ApiClient {
    return this.system.api;
  }

  /** A customer's backend whose endpoint is registered for this test only. */
  async backend(): Promise<Backend> {
    const backend = await Backend.start(this.api);
    this.atEnd(() => backend.stop());
    return backend;
  }

  /** A browser that has joined a request's channel. */
  async browser(reply: AsyncReply, vsn?: '1.0.0' | '2.0.0'): Promise<ChannelClient> {
    const channel = await watch(reply, vsn);
    this.atEnd(() => channel.drop());
    return channel;
  }

  /** Does something when the test is over, however it ends; the last one first. */
  atEnd(action: () => void | Promise<void>): void {
    this.#leaving.unshift(action);
  }

  async clear(): Promise<void> {
    for (const action of this.#leaving) await action();
  }
}

/** Defines a test. */
export type Test = (sentence: string, body: (stage: Stage) => Promise<void>) => void;

/** A kind of `it` whose tests get a stage, and whose failures show what the system wrote meanwhile. */
export function testsOn(system: () => System): Test {
  return (sentence, body) =>
    it(
      sentence,
      async () => {
        const started = Date.now();
        const stage = new Stage(system());
        try {
          await body(stage);
        } catch (error) {
          throw withOutput(error, system().output(started));
        } finally {
          await stage.clear();
        }
      },
      testLimitMs,
    );
}

function withOutput(error: unknown, output: string): unknown {
  if (error instanceof Error) error.message += `\n\nWhat the system wrote meanwhile:\n${output || '(nothing)'}`;
  return error;
}

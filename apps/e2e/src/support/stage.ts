import { it } from '@jest/globals';
import { waitFor, type ChannelClient } from '@headrace/testing';
import type { ApiClient } from './api-client.js';
import { Backend } from './backend.js';
import { watch } from './browser.js';
import type { System } from './system.js';
import type { AsyncReply, TimelineEntry } from './wire.js';

/** A busy machine is no failure. */
const testLimitMs = 120_000;
/** Systems in the middle of a test. Those that still are when the next one begins have not all that they should. */
const inMidTest = new WeakSet<System>();

/** What one test has: a system, and people around it who leave when the test is over. */
export class Stage {
  readonly #leaving: (() => void | Promise<void>)[] = [];

  constructor(readonly system: System) {}

  get api(): ApiClient {
    return this.system.api;
  }

  /** A customer's backend whose endpoint is registered for this test only. */
  async backend(fields?: Record<string, unknown>): Promise<Backend> {
    const backend = await Backend.start(this.api, fields);
    this.atEnd(() => backend.stop());
    return backend;
  }

  /** A browser that has joined a request's channel. */
  async browser(reply: AsyncReply, vsn?: '1.0.0' | '2.0.0'): Promise<ChannelClient> {
    const channel = await watch(reply, vsn);
    this.atEnd(() => channel.drop());
    return channel;
  }

  /** The deliveries on a request's timeline, as soon as all of them fit. */
  deliveries(channel: string, fits: (delivery: TimelineEntry) => boolean): Promise<TimelineEntry[]> {
    return waitFor(
      async () => {
        const { timeline } = await this.api.request(channel);
        const deliveries = timeline.filter(({ kind }) => kind === 'delivery');
        return deliveries.length > 0 && deliveries.every(fits) && deliveries;
      },
      { timeoutMs: 40_000, everyMs: 50, what: `the deliveries of ${channel} are as expected` },
    );
  }

  /** Does something when the test is over, however it ends; the last one first. */
  atEnd(action: () => void | Promise<void>): void {
    this.#leaving.unshift(action);
  }

  async clear(): Promise<void> {
    for (const action of this.#leaving) await action();
  }
}

/** A kind of `it` whose tests get a stage, and whose failures show what the system wrote meanwhile. */
export interface Test {
  (sentence: string, body: (stage: Stage) => Promise<void>): void;
  /** One test for each value; `%s` in the sentence stands for it. */
  each<Value extends string>(values: readonly Value[]): EachTest<Value>;
}

type EachTest<Value> = (sentence: string, body: (value: Value, stage: Stage) => Promise<void>) => void;

/** Tests on a system that runs by then. */
export function testsOn(system: () => System): Test {
  const test = (sentence: string, body: (stage: Stage) => Promise<void>): void =>
    it(sentence, () => run(system(), body), testLimitMs);
  const each = <Value extends string>(values: readonly Value[]): EachTest<Value> => {
    return (sentence, body) => {
      for (const value of values) test(sentence.replace('%s', value), (stage) => body(value, stage));
    };
  };
  return Object.assign(test, { each });
}

async function run(system: System, body: (stage: Stage) => Promise<void>): Promise<void> {
  // One that failed must not have the others fail with it.
  if (inMidTest.has(system)) await system.restore();
  inMidTest.add(system);
  const started = Date.now();
  const stage = new Stage(system);
  try {
    await body(stage);
    inMidTest.delete(system);
  } catch (error) {
    if (error instanceof Error) {
      error.message += `\n\nWhat the system wrote meanwhile:\n${system.output(started) || '(nothing)'}`;
    }
    throw error;
  } finally {
    await stage.clear();
  }
}

import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { ToxicProxy, type Toxic } from '@headrace/testing';
import { testsOn, type Stage, type Test } from '../support/stage.js';
import { startSystem, type System } from '../support/system.js';
import { expectSameBytesOfEach, repetitions, Volume } from '../support/volume.js';
import { timeScale } from '../support/workflows.js';

const startLimitMs = 90_000;
const limitMs = 60_000;
const size = { requests: 200, endpoints: 2 } as const;
const toxicMs = 1_000;

/** What the network does, for a link over which much is said and one over which little is. */
const toxics: readonly { readonly what: string; readonly busy: Toxic; readonly quiet: Toxic }[] = [
  { what: 'is slow', busy: { latencyMs: 40 }, quiet: { latencyMs: 40 } },
  { what: 'resets connections', busy: { resetAfterBytes: 30_000 }, quiet: { resetAfterBytes: 20 } },
  { what: 'cuts answers short', busy: { truncateAfterBytes: 30_000 }, quiet: { truncateAfterBytes: 20 } },
  { what: 'swallows everything', busy: { blackHole: true }, quiet: { blackHole: true } },
];

/** Bad networks between the six processes and everything that they talk to. */
export function describeToxicNetworks(): void {
  describe('the system in six processes', () => {
    let system: System;
    let nats: ToxicProxy;
    let postgres: ToxicProxy;
    beforeAll(async () => {
      system = await startSystem({
        mode: 'six',
        timeScale,
        // Long enough for a busy machine: what ends an attempt or an append is the network, not its limit.
        environment: { HEADRACE_WEBHOOK_TIMEOUT_MS: '5000', HEADRACE_NATS_TIMEOUT_MS: '5000' },
        detours: async (urls) => {
          [nats, postgres] = [await ToxicProxy.start(urls.nats), await ToxicProxy.start(urls.database)];
          return { NATS_URL: nats.through(urls.nats), DATABASE_URL: postgres.through(urls.database) };
        },
      });
    }, startLimitMs);
    afterAll(async () => {
      await system?.stop();
      await Promise.all([nats?.stop(), postgres?.stop()]);
    }, startLimitMs);

    const test = testsOn(() => system);
    for (const { what, busy, quiet } of toxics) {
      delivers(test, `the network to NATS ${what}`, () => ({ proxy: nats, toxic: busy }));
      neverTwice(test, `the network to Postgres ${what}`, () => ({ proxy: postgres, toxic: busy }));
      triesAgain(test, `the network to a receiver ${what}`, quiet);
    }
  });
}

type Network = () => { readonly proxy: ToxicProxy; readonly toxic: Toxic };

/** An attempt whose outcome could not be stored is made again; nothing else is. */
function delivers(test: Test, network: string, bad: Network): void {
  test(`delivers everything while ${network}`, async (stage) => {
    const volume = await Volume.start(stage, { ...size, limitMs });
    await under(bad(), volume);
    await expectAllDelivered(stage, volume);
  });
}

/** No delivery waits for Postgres, so none is made again for its sake. */
function neverTwice(test: Test, network: string, bad: Network): void {
  test(`delivers everything once while ${network}`, async (stage) => {
    const volume = await Volume.start(stage, { ...size, limitMs });
    await under(bad(), volume);
    expect(repetitions(await expectAllDelivered(stage, volume))).toBe(0);
  });
}

/** The receiver may have got what it could not say that it got; each time is an attempt that the timeline tells. */
function triesAgain(test: Test, network: string, toxic: Toxic): void {
  test(`delivers everything, and tells each try, while ${network}`, async (stage) => {
    let proxy: ToxicProxy | undefined;
    const through = async (url: string): Promise<string> => {
      proxy = await ToxicProxy.start(url);
      stage.atEnd(() => proxy?.stop());
      return proxy.through(url);
    };
    const volume = await Volume.start(stage, { ...size, limitMs, through });
    if (!proxy) throw new Error('The endpoints are not behind the proxy.');
    await under({ proxy, toxic }, volume);
    const messages = await expectAllDelivered(stage, volume);
    const repeated = messages.filter(({ count }) => count > 1);
    for (const { channel, path, count } of repeated) {
      const deliveries = await stage.deliveries(channel, ({ status }) => status === 'success');
      const tried = deliveries.find(({ url }) => url?.endsWith(path))?.attempts ?? [];
      // A try on a connection that was kept open, and was broken by then, is sent once more on a new one.
      expect(count).toBeLessThanOrEqual(2 * tried.length);
    }
  });
}

async function under({ proxy, toxic }: ReturnType<Network>, volume: Volume): Promise<void> {
  await volume.reached(size.requests * 0.1);
  proxy.become(toxic);
  await delay(toxicMs);
  proxy.heal();
}

async function expectAllDelivered(stage: Stage, volume: Volume) {
  const { messages, channels } = await volume.delivered();
  expect(channels).toHaveLength(size.requests);
  expectSameBytesOfEach(messages);
  // From the log, which has exactly one end of each.
  for (const channel of channels) {
    const { timeline } = await stage.api.request(channel);
    expect(timeline.filter(({ kind }) => kind === 'request')).toMatchObject([{ status: 'success' }]);
  }
  return messages;
}

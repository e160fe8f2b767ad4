import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FakeReceiver } from './fake-receiver.js';
import { ToxicProxy } from './toxic-proxy.js';

let receiver: FakeReceiver;
let proxy: ToxicProxy;

beforeEach(async () => {
  receiver = await FakeReceiver.start();
  receiver.answerAlways({ body: 'x'.repeat(10_000) });
  proxy = await ToxicProxy.start(receiver.url);
});
afterEach(async () => {
  await proxy.stop();
  await receiver.stop();
});

const ask = async (signal?: AbortSignal): Promise<string> =>
  (await fetch(proxy.through(receiver.url), { signal })).text();

describe('a toxic network', () => {
  it('passes everything on while it is good', async () => {
    expect(await ask()).toHaveLength(10_000);
  });

  it('is late', async () => {
    proxy.become({ latencyMs: 50 });
    const started = performance.now();
    expect(await ask()).toHaveLength(10_000);
    expect(performance.now() - started).toBeGreaterThanOrEqual(95);
  });

  it.each([
    ['resets', { resetAfterBytes: 100 }],
    ['truncates', { truncateAfterBytes: 1_000 }],
  ])('%s a connection in the middle of an answer', async (_what, toxic) => {
    proxy.become(toxic);
    await expect(ask()).rejects.toThrow();
    expect(receiver.requests).toHaveLength(1);
  });

  it('swallows everything', async () => {
    proxy.become({ blackHole: true });
    await expect(ask(AbortSignal.timeout(100))).rejects.toThrow('timeout');
    expect(receiver.requests).toHaveLength(0);
  });

  it('resets what is open when it is told to, and is good again once it is healed', async () => {
    proxy.become({ blackHole: true });
    const asked = ask();
    const failed = expect(asked).rejects.toThrow();
    while (proxy.connections === 0) await new Promise(setImmediate);
    proxy.heal();
    await failed;
    expect(await ask()).toHaveLength(10_000);
  });
});

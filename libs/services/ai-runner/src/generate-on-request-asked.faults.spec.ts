import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { AggregateAddress } from '@headrace/contracts';
import { requestDecider } from '@headrace/domain';
import { EventLogUnavailable, EventTooLarge, handleCommand } from '@headrace/event-log';
import type { InMemoryEventLog } from '@headrace/event-log/testing';
import { openAiWire } from '@headrace/providers/testing';
import { FakeReceiver } from '@headrace/testing';
import { Logger } from '@nestjs/common';
import { AiRunnerHarness, anAccepted, type HarnessParts } from './testing/ai-runner.harness.js';

const apiKey = 'sk-test-0123456789';
const openai = { provider: 'openai', model: 'gpt-4o', timeoutMs: 2_000 };
const mistral = { provider: 'mistral', model: 'small', timeoutMs: 2_000 };

let server: FakeReceiver;
const open: AiRunnerHarness[] = [];

beforeAll(async () => {
  server = await FakeReceiver.start();
});
beforeEach(() => {
  Logger.overrideLogger(false);
});
afterEach(async () => {
  server.reset();
  await Promise.all(open.splice(0).map((harness) => harness.close()));
});
afterAll(() => server.stop());

/** An ai-runner whose project has credentials for two providers, both at the fake server. */
function aRunner(parts: HarnessParts = {}): AiRunnerHarness {
  const credentials = ['openai', 'mistral'].map((provider) => ({ provider, apiKey, baseUrl: `${server.url}/v1` }));
  const harness = new AiRunnerHarness({ credentials, ...parts });
  open.push(harness);
  return harness;
}

describe('a request that is delivered again', () => {
  it('is not generated again when it has been decided', async () => {
    server.answerAlways(openAiWire.text('Hi'));
    const runner = aRunner();
    const accepted = await runner.accept(anAccepted({ targets: [openai] }));
    await runner.deliver(accepted);
    await runner.deliver(accepted, { count: 2 });
    expect(server.requests).toHaveLength(1);
    expect(runner.log.all).toHaveLength(2);
  });

  it('is decided once even if two runners generate it at the same time', async () => {
    const runner = aRunner();
    const accepted = await runner.accept();
    await Promise.all([runner.deliver(accepted), runner.deliver(accepted), runner.deliver(accepted, { count: 2 })]);
    expect(runner.log.all.map(({ type }) => type)).toEqual(['request.accepted', 'request.completed']);
  });

  it('is generated although a replica of the log did not show it at first', async () => {
    let isBehind = true;
    const last = async (log: InMemoryEventLog, address: AggregateAddress) => (isBehind ? undefined : log.last(address));
    const runner = aRunner({
      wrapLog: (log) => Object.assign(Object.create(log) as InMemoryEventLog, { last: last.bind(undefined, log) }),
    });
    const accepted = await runner.accept();
    await expect(runner.deliver(accepted, { count: 2 })).rejects.toThrow(EventLogUnavailable);
    isBehind = false;
    await runner.deliver(accepted, { count: 3 });
    expect((await runner.outcome()).types.at(-1)).toBe('request.completed');
  });

  it('is let be when the log does not show it however often one looks: it was erased', async () => {
    const runner = aRunner({
      wrapLog: (log) =>
        Object.assign(Object.create(log) as InMemoryEventLog, { last: () => Promise.resolve(undefined) }),
    });
    await runner.deliver(await runner.accept(), { count: 3 });
    expect((await runner.outcome()).types).toEqual(['request.accepted']);
  });

  it('tells of a failed attempt once', async () => {
    let isAway = true;
    server.answerAlways(openAiWire.serverError());
    const runner = aRunner({
      wrapLog: (log) =>
        withAppend(log, (address, event, options) => {
          if (event.type === 'request.failed' && isAway) throw new EventLogUnavailable('no answer');
          return log.append(address, event, options);
        }),
    });
    const accepted = await runner.accept(anAccepted({ targets: [openai] }));
    await expect(runner.deliver(accepted)).rejects.toThrow(EventLogUnavailable);
    isAway = false;
    await runner.deliver(accepted, { count: 2 });
    expect((await runner.outcome()).types).toEqual(['request.accepted', 'generation.attempted', 'request.failed']);
  });
});

describe('a request that was cancelled meanwhile', () => {
  it('stays cancelled', async () => {
    const runner = aRunner();
    const accepted = await runner.accept();
    const at = new Date().toISOString();
    await handleCommand(runner.log, requestDecider, accepted.address, { type: 'cancel', at });
    await runner.deliver(accepted);
    expect((await runner.outcome()).types).toEqual(['request.accepted', 'request.failed']);
  });
});

describe('a process that stops', () => {
  it('gives up the provider call and leaves the request as it was', async () => {
    server.answerNext(openAiWire.hanging());
    const runner = aRunner();
    const stop = new AbortController();
    const accepted = await runner.accept(anAccepted({ targets: [openai, mistral], offlineFallback: true }));
    const delivered = runner.deliver(accepted, { signal: stop.signal, isLast: true });
    await server.next();
    stop.abort();
    await expect(delivered).rejects.toThrow('given up');
    expect(runner.log.all).toHaveLength(1);
    expect(server.requests).toHaveLength(1);
  });

  it('does not wait for a test delay', async () => {
    const runner = aRunner();
    const stop = new AbortController();
    const accepted = await runner.accept(anAccepted({ testDelayMs: 60_000 }, { testMode: true }));
    const delivered = runner.deliver(accepted, { signal: stop.signal });
    stop.abort();
    await expect(delivered).rejects.toThrow();
    expect(runner.log.all).toHaveLength(1);
  });
});

describe('when something of ours fails', () => {
  it('the request comes again', async () => {
    const runner = aRunner({ storeIsAway: true });
    const accepted = await runner.accept(anAccepted({ targets: [openai] }));
    await expect(runner.deliver(accepted)).rejects.toThrow('the database is away');
    expect(runner.log.all).toHaveLength(1);
  });

  it('for the last time, the request fails instead of staying open', async () => {
    const runner = aRunner({ storeIsAway: true });
    const accepted = await runner.accept(anAccepted({ targets: [openai] }));
    await runner.deliver(accepted, { count: 20, isLast: true });
    expect(await runner.outcome()).toMatchObject({
      types: ['request.accepted', 'request.failed'],
      data: { code: 'provider_failed', message: 'The request could not be processed.' },
    });
  });

  it('because the answer is too large for the log, the request fails and says so', async () => {
    const runner = aRunner({
      wrapLog: (log) =>
        withAppend(log, (address, event, options) => {
          if (event.type === 'request.completed') throw new EventTooLarge(event.type, 9_000_000, 8_388_608);
          return log.append(address, event, options);
        }),
    });
    await runner.deliver(await runner.accept());
    expect(await runner.outcome()).toMatchObject({
      types: ['request.accepted', 'request.failed'],
      data: { code: 'provider_failed', message: expect.stringContaining('takes 9000000 bytes') },
    });
  });
});

/** A log whose appends go through `append`. */
function withAppend(log: InMemoryEventLog, append: InMemoryEventLog['append']) {
  return new Proxy(log, {
    get: (target, name) => {
      if (name === 'append') return async (...args: Parameters<typeof append>) => append(...args);
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}

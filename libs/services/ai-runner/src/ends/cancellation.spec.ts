import { once } from 'node:events';
import { afterEach, describe, expect, it } from '@jest/globals';
import { openAiStream, openAiWire } from '@headrace/providers/testing';
import { InMemoryRequestFailures } from '@headrace/event-log/testing';
import { anAccepted } from '../testing/ai-runner.harness.js';
import { mistral, openai, twoProviders } from '../testing/two-providers.js';
import { RequestEnds } from './request-ends.js';

const providers = twoProviders();
const retry = { attempts: 3, initialMs: 1_500, factor: 1, maxMs: 1_500 };

describe('a request that is cancelled', () => {
  it('while a provider is called, has the call given up, and stays as it is', async () => {
    const { server } = providers;
    server.answerNext(openAiWire.hanging());
    const runner = providers.aRunner();
    const patient = { ...openai, timeoutMs: 60_000 };
    const accepted = await runner.accept(anAccepted({ targets: [patient, mistral], offlineFallback: true }));
    const delivered = runner.deliver(accepted, { isLast: true });
    await server.next();
    const cancelledAt = performance.now();
    await runner.cancel();
    await delivered;
    expect(performance.now() - cancelledAt).toBeLessThan(5_000);
    expect((await runner.outcome()).types).toEqual(['request.accepted', 'request.failed', 'generation.attempted']);
    expect(await runner.attempts()).toMatchObject([{ attempt: { provider: 'openai', code: 'aborted', target: 0 } }]);
    expect(server.requests).toHaveLength(1);
  });

  it('while its answer is told, is told no more', async () => {
    const more = Promise.withResolvers<undefined>();
    async function* events() {
      yield* openAiStream.textEvents('one ').slice(0, 2);
      await more.promise;
      yield* openAiStream.textEvents('two');
    }
    providers.server.answerNext(openAiStream.held(events()));
    const runner = providers.aRunner();
    const accepted = await runner.accept(anAccepted({ targets: [openai] }, { stream: true }));
    const { project, channel } = accepted.address;
    const first = new Promise((resolve) => runner.pieces.follow(project, channel, resolve));
    const delivered = runner.deliver(accepted);
    await first;
    await runner.cancel();
    await delivered;
    more.resolve(undefined);
    expect(runner.told).toEqual([{ index: 0, content: 'one ' }]);
    expect(await runner.pieces.askSoFar(project, channel)).toBeUndefined();
  });

  it('while it waits for a retry, is not tried again', async () => {
    const { server } = providers;
    server.answerNext(openAiWire.serverError());
    const runner = providers.aRunner();
    const told = runner.log.next('generation.attempted');
    const delivered = runner.deliver(await runner.accept(anAccepted({ targets: [openai], retry })));
    await told;
    await runner.cancel();
    await delivered;
    expect(server.requests).toHaveLength(1);
    expect((await runner.outcome()).types).toEqual(['request.accepted', 'generation.attempted', 'request.failed']);
  });

  it('before its generation begins, is not generated at all', async () => {
    const { server } = providers;
    const runner = providers.aRunner();
    const accepted = await runner.accept(anAccepted({ targets: [openai] }));
    await runner.cancel();
    await runner.deliver(accepted);
    expect(server.requests).toHaveLength(0);
    expect((await runner.outcome()).types).toEqual(['request.accepted', 'request.failed']);
  });

  it('while it waits for a place, waits no more', async () => {
    const asked = new EventTarget();
    const admission = {
      onTurn: () => undefined,
      admit: (_request: unknown, signal: AbortSignal) =>
        new Promise<never>((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason as Error));
          asked.dispatchEvent(new Event('asked'));
        }),
    };
    const runner = providers.aRunner({ admission });
    const isAsked = once(asked, 'asked');
    const delivered = runner.deliver(await runner.accept());
    await isAsked;
    await runner.cancel();
    await delivered;
    expect((await runner.outcome()).types).toEqual(['request.accepted', 'request.failed']);
  });
});

describe('the ends of requests', () => {
  const stop = new AbortController().signal;
  const longAgo = '2026-01-01T00:00:00.000Z';
  const soon = (): string => new Date(Date.now() + 60_000).toISOString();
  const open: RequestEnds[] = [];

  function someEnds() {
    const failures = new InMemoryRequestFailures();
    const ends = new RequestEnds(failures);
    ends.onModuleInit();
    open.push(ends);
    return { failures, ends };
  }

  afterEach(() => {
    for (const ends of open.splice(0)) ends.onModuleDestroy();
  });

  it('are told to everybody who works on the request, until they say that they do not', () => {
    const { failures, ends } = someEnds();
    const [one, other, elsewhere] = [
      ends.watch('p', 'c', stop),
      ends.watch('p', 'c', stop),
      ends.watch('p', 'd', stop),
    ];
    one.close();
    failures.tell('p', 'c');
    expect([one, other, elsewhere].map(({ hasEnded }) => hasEnded)).toEqual([false, true, false]);
    expect(other.signal.aborted).toBe(true);
  });

  it('are not the end of the process, which stops everything too', () => {
    const { ends } = someEnds();
    const process = new AbortController();
    const watch = ends.watch('p', 'c', process.signal);
    process.abort(new Error('It stops.'));
    expect(watch.signal.reason).toEqual(new Error('It stops.'));
    expect(watch.hasEnded).toBe(false);
    expect(ends.watch('p', 'c', process.signal).signal.aborted).toBe(true);
  });

  it('are looked up only for requests that may have failed unheard', () => {
    const { failures, ends } = someEnds();
    expect(ends.mayHaveEnded('p', 'c', longAgo)).toBe(true);
    expect(ends.mayHaveEnded('p', 'c', soon())).toBe(false);
    failures.tell('p', 'c');
    expect(ends.mayHaveEnded('p', 'c', soon())).toBe(true);
  });

  it('that were heard long ago are forgotten, and in doubt from then on', () => {
    const { failures, ends } = someEnds();
    failures.tell('p', 'first');
    for (let other = 0; other < 10_000; other += 1) failures.tell('p', `other-${other}`);
    expect(ends.mayHaveEnded('p', 'first', longAgo)).toBe(true);
    expect(ends.mayHaveEnded('p', 'c', soon())).toBe(false);
  });

  it('are in doubt after the connection was lost', () => {
    const { failures, ends } = someEnds();
    const justNow = new Date(Date.now() + 4_000).toISOString();
    failures.reconnect();
    expect(ends.mayHaveEnded('p', 'c', justNow)).toBe(true);
  });
});

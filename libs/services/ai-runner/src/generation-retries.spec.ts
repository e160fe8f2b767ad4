import { describe, expect, it } from '@jest/globals';
import { openAiWire } from '@headrace/providers/testing';
import type { Admission, AdmissionRequest, AdmissionVerdict } from './admission.port.js';
import type { AttemptOrder } from './attempt-order.port.js';
import { anAccepted } from './testing/ai-runner.harness.js';
import { mistral, offline, openai, twoProviders } from './testing/two-providers.js';

const providers = twoProviders();
const retry = { attempts: 3, initialMs: 1, factor: 2, maxMs: 10 };
const later = (milliseconds: number): Date => new Date(Date.now() + milliseconds);

describe('a provider that fails for a moment', () => {
  it('is tried again before the next one, and every attempt says which target it was at', async () => {
    const { server } = providers;
    server.answerNext(openAiWire.serverError(), openAiWire.serverError(), openAiWire.text('Hi'));
    const runner = providers.aRunner();
    const { types, data } = await runner.run(anAccepted({ targets: [openai, mistral], retry }));
    expect(types).toEqual(['request.accepted', 'generation.attempted', 'generation.attempted', 'request.completed']);
    expect(data).toMatchObject({
      generation: {
        usedProvider: 'openai',
        attempts: [
          { status: 'error', target: 0, code: 'provider_failed' },
          { status: 'error', target: 0, kind: 'retry' },
          { status: 'success', target: 0, kind: 'retry' },
        ],
      },
    });
    const told = await runner.attempts();
    expect(told).toMatchObject([
      { number: 1, retryAt: expect.any(String) },
      { number: 2, retryAt: expect.any(String) },
    ]);
  });

  it('gives way to the next one once its tries are used up', async () => {
    const { server } = providers;
    server.answerNext(openAiWire.serverError(), openAiWire.badGateway(), openAiWire.disconnect());
    server.answerNext(openAiWire.serverError(), openAiWire.text('Hi'));
    const { data } = await providers.aRunner().run(anAccepted({ targets: [openai, mistral], retry }));
    expect((data as { generation: { attempts: unknown[] } }).generation.attempts).toMatchObject([
      { provider: 'openai', target: 0 },
      { provider: 'openai', target: 0, kind: 'retry' },
      { provider: 'openai', target: 0, kind: 'retry', code: 'connection_failed' },
      { provider: 'mistral', target: 1 },
      { provider: 'mistral', target: 1, kind: 'retry', status: 'success' },
    ]);
  });

  it('is not tried again for what would fail again', async () => {
    const { server } = providers;
    server.answerNext(openAiWire.badKey('sk'), openAiWire.text('Hi'));
    const { data } = await providers.aRunner().run(anAccepted({ targets: [openai, mistral], retry }));
    expect(data).toMatchObject({ generation: { usedProvider: 'mistral', attempts: [{}, {}] } });
  });

  it('is passed over when it asks for a very long wait', async () => {
    const { server } = providers;
    server.answerNext(openAiWire.rateLimit('3600'), openAiWire.text('Hi'));
    const { data } = await providers.aRunner().run(anAccepted({ targets: [openai, mistral], retry }));
    expect(data).toMatchObject({ generation: { usedProvider: 'mistral' } });
  });
});

describe('a generation that waits for longer', () => {
  it('is acknowledged, and goes on where it was when its timer fires', async () => {
    const { server } = providers;
    server.answerNext(openAiWire.rateLimit('30'), openAiWire.text('Hi'));
    const runner = providers.aRunner();
    const { types } = await runner.run(anAccepted({ targets: [openai, mistral], retry }));
    expect(types).toEqual(['request.accepted', 'generation.attempted']);
    const [timer] = runner.timers.waiting;
    expect(timer).toMatchObject({ address: { kind: 'generation-resume', key: 'generation' }, data: { revision: 1 } });
    expect(timer?.at.getTime()).toBeGreaterThan(Date.now() + 29_000);

    const early = runner.fireTimers(later(60_000));
    await early;
    // A timer that fires before its time is set again.
    expect(runner.timers.waiting).toHaveLength(1);
    expect(server.requests).toHaveLength(1);
  });

  it('takes as long as the time scale says', async () => {
    providers.server.answerNext(openAiWire.rateLimit('30'), openAiWire.text('Hi'));
    const runner = providers.aRunner({ timeScale: 10 });
    await runner.run(anAccepted({ targets: [openai], retry }));
    const [timer] = runner.timers.waiting;
    expect(timer?.at.getTime()).toBeLessThan(Date.now() + 4_000);
  });

  it('makes the attempt that was decided, in whatever process, and counts the time since its first', async () => {
    const { server } = providers;
    server.answerNext(openAiWire.text('Hi'));
    const runner = providers.aRunner();
    const accepted = await runner.accept(anAccepted({ targets: [openai, mistral], retry }));
    const startedAt = new Date(Date.now() - 5_000).toISOString();
    await runner.tellAttempt({ provider: 'openai', startedAt, target: 0 }, new Date().toISOString());
    await runner.resume(accepted);
    expect((await runner.outcome()).data).toMatchObject({
      generation: { attempts: [{ status: 'error' }, { status: 'success', provider: 'openai', kind: 'retry' }] },
    });
    const { generation } = (await runner.outcome()).data as { generation: { durationMs: number } };
    expect(generation.durationMs).toBeGreaterThanOrEqual(5_000);
  });

  it('is left alone when the request went further meanwhile', async () => {
    const { server } = providers;
    const runner = providers.aRunner();
    const accepted = await runner.accept(anAccepted({ targets: [openai], retry }));
    await runner.cancel();
    await runner.resume(accepted);
    expect(server.requests).toHaveLength(0);
    expect((await runner.outcome()).types).toEqual(['request.accepted', 'request.failed']);
  });
});

describe('a generation that is delivered again', () => {
  it('knows the attempts made already, and does not make them again', async () => {
    const { server } = providers;
    server.answerNext(openAiWire.text('Hi'));
    const runner = providers.aRunner();
    const accepted = await runner.accept(anAccepted({ targets: [openai, mistral] }));
    await runner.tellAttempt({ provider: 'openai', target: 0 });
    await runner.deliver(accepted, { count: 2 });
    const { types, data } = await runner.outcome();
    expect(types).toEqual(['request.accepted', 'generation.attempted', 'request.completed']);
    expect(data).toMatchObject({ generation: { attempts: [{ provider: 'openai' }, { provider: 'mistral' }] } });
    expect(server.requests).toHaveLength(1);
  });

  it('tells further attempts under numbers of their own', async () => {
    providers.server.answerAlways(openAiWire.serverError());
    const runner = providers.aRunner();
    const accepted = await runner.accept(anAccepted({ targets: [openai, mistral] }));
    await runner.tellAttempt({ provider: 'openai', target: 0 });
    await runner.deliver(accepted, { count: 2 });
    expect(await runner.attempts()).toMatchObject([{ number: 1 }, { number: 2 }]);
  });
});

describe('the order of targets', () => {
  it('is whatever it is said to be, and every attempt is told of', async () => {
    const { server } = providers;
    server.answerNext(openAiWire.serverError(), openAiWire.text('Hi'));
    const noted: string[] = [];
    const order: AttemptOrder = {
      orderOf: () => [1, 0],
      likelyFirst: () => 1,
      whyNotAsPlanned: () => undefined,
      noteAttempt: (_project, { provider, status }) => noted.push(`${provider} ${status}`),
    };
    const { data } = await providers.aRunner({ order }).run(anAccepted({ targets: [openai, mistral] }));
    expect(data).toMatchObject({
      generation: { requestedProvider: 'openai', attempts: [{ provider: 'mistral', target: 1 }, { target: 0 }] },
    });
    expect(noted).toEqual(['mistral error', 'openai success']);
  });
});

describe('a generation that asks for a place', () => {
  class Doorman implements Admission {
    readonly asked: AdmissionRequest[] = [];
    readonly events: string[] = [];
    turn: Parameters<Admission['onTurn']>[0] | undefined;

    constructor(private readonly verdict?: AdmissionVerdict) {}

    readonly place = {
      at: (provider: string): undefined => void this.events.push(`at ${provider}`),
      release: () => void this.events.push('released'),
    };

    admit(request: AdmissionRequest): AdmissionVerdict {
      this.asked.push(request);
      return this.verdict ?? { kind: 'admitted', place: this.place };
    }

    onTurn(generate: NonNullable<Doorman['turn']>): void {
      this.turn = generate;
    }
  }

  it('has it for its calls, and gives it back at its end', async () => {
    const admission = new Doorman();
    const runner = providers.aRunner({ admission });
    await runner.run(anAccepted({ targets: [{ ...openai, provider: 'nobody' }, offline] }, { priority: 'high' }));
    expect(admission.asked).toMatchObject([{ project: 'project-1', revision: 1, context: { priority: 'high' } }]);
    expect(admission.events).toEqual(['at nobody', 'at offline', 'released']);
  });

  it('gives it back while it waits for a provider, and asks again', async () => {
    const admission = new Doorman();
    providers.server.answerNext(openAiWire.rateLimit('30'));
    const runner = providers.aRunner({ admission });
    await runner.run(anAccepted({ targets: [openai], retry }));
    expect(admission.events).toEqual(['at openai', 'released']);
    await runner.fireTimers(later(60_000));
    expect(admission.asked).toMatchObject([{ attemptsMade: 0 }, { attemptsMade: 1 }]);
  });

  it('is put off by a timer when it is told so', async () => {
    const until = later(10_000);
    const runner = providers.aRunner({ admission: new Doorman({ kind: 'deferred', until }) });
    expect((await runner.run()).types).toEqual(['request.accepted']);
    expect(runner.timers.waiting).toMatchObject([{ at: until }]);
  });

  it('stands in a line, and has its turn from there', async () => {
    const admission = new Doorman({ kind: 'waiting' });
    const runner = providers.aRunner({ admission });
    const accepted = await runner.accept();
    await runner.deliver(accepted);
    expect(runner.log.all).toHaveLength(1);
    const { project, channel } = accepted.address;
    const delivery = { count: 1, isLast: false, signal: new AbortController().signal };
    await admission.turn?.({ project, channel, revision: accepted.sequence, place: admission.place, delivery });
    expect((await runner.outcome()).types).toEqual(['request.accepted', 'request.completed']);
    expect(admission.events).toEqual(['at offline', 'released']);
  });
});

import { describe, expect, it } from '@jest/globals';
import { openAiWire } from '@headrace/providers/testing';
import type { Admission } from './admission.port.js';
import { anAccepted } from './testing/ai-runner.harness.js';
import { openai, twoProviders } from './testing/two-providers.js';

const providers = twoProviders();
const at = (milliseconds: number): string => new Date(Date.now() + milliseconds).toISOString();

describe('a request that expires', () => {
  it('fails without a call when its generation begins too late', async () => {
    const runner = providers.aRunner();
    const expiresAt = at(-1);
    const { types, data } = await runner.run(anAccepted({ targets: [openai] }, { expiresAt }));
    expect(types).toEqual(['request.accepted', 'request.failed']);
    expect(data).toMatchObject({ code: 'expired', details: { expires_at: expiresAt }, generation: null });
    expect(providers.server.requests).toHaveLength(0);
  });

  it('is answered when it begins in time', async () => {
    const { types } = await providers.aRunner().run(anAccepted({}, { expiresAt: at(60_000) }));
    expect(types.at(-1)).toBe('request.completed');
  });

  it('is told so at its time although its place would come later', async () => {
    const expiresAt = at(5_000);
    const until = new Date(Date.now() + 60_000);
    const admission = { onTurn: () => undefined, admit: () => ({ kind: 'deferred', until }) as const };
    const runner = providers.aRunner({ admission });
    await runner.run(anAccepted({}, { expiresAt }));
    expect(runner.timers.waiting.map((timer) => timer.at.toISOString())).toEqual([expiresAt]);
  });

  it('is told so at its time although it stands in a line, unless its turn came before', async () => {
    const expiresAt = at(5_000);
    let turn: Parameters<Admission['onTurn']>[0] | undefined;
    const admission: Admission = {
      onTurn: (generate) => {
        turn = generate;
      },
      admit: () => ({ kind: 'waiting' }),
    };
    const runner = providers.aRunner({ admission });
    const accepted = await runner.accept(anAccepted({}, { expiresAt }));
    await runner.deliver(accepted);
    expect(runner.timers.waiting.map((timer) => timer.at.toISOString())).toEqual([expiresAt]);
    const { project, channel } = accepted.address;
    const place = { at: () => undefined, release: () => undefined };
    const delivery = { count: 1, isLast: false, signal: new AbortController().signal };
    await turn?.({ project, channel, revision: accepted.sequence, place, delivery });
    expect(runner.timers.waiting).toEqual([]);
    expect((await runner.outcome()).types.at(-1)).toBe('request.completed');
  });

  it('waits for its provider as long as it takes, once its generation has begun', async () => {
    providers.server.answerNext(openAiWire.rateLimit('30'));
    const retry = { attempts: 2, initialMs: 1, factor: 1, maxMs: 1 };
    const runner = providers.aRunner();
    await runner.run(anAccepted({ targets: [openai], retry }, { expiresAt: at(5_000) }));
    expect(runner.timers.waiting[0]?.at.getTime()).toBeGreaterThan(Date.now() + 29_000);
  });

  it('does not once its generation has begun', async () => {
    providers.server.answerNext(openAiWire.text('Hi'));
    const runner = providers.aRunner();
    const accepted = await runner.accept(anAccepted({ targets: [openai] }, { expiresAt: at(-1) }));
    await runner.tellAttempt({ target: 0 }, at(0));
    await runner.resume(accepted);
    expect((await runner.outcome()).types.at(-1)).toBe('request.completed');
  });
});

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { metaOf, type GenerationSummary, type RequestContext } from '@headrace/contracts';
import { requestDecider } from '@headrace/domain';
import { aCallback } from '@headrace/domain/testing';
import { EventLogUnavailable, handleCommand } from '@headrace/event-log';
import { InMemoryEventLog } from '@headrace/event-log/testing';
import type { AskedEvent } from '../asked-event.js';
import { AiRunnerHarness, anAccepted } from '../testing/ai-runner.harness.js';
import { AnswerCache } from './answer-cache.js';

const project = 'project-1';
let runner: AiRunnerHarness;
let channels = 0;

beforeEach(() => {
  runner = new AiRunnerHarness();
});
afterEach(() => runner.close());

type Accepted = ReturnType<typeof anAccepted>;
interface Outcome {
  readonly context: RequestContext;
  readonly generation: GenerationSummary;
  readonly output: unknown;
}

const question = (plan: Partial<Accepted['plan']> = {}, context: Partial<Accepted['context']> = {}): Accepted =>
  anAccepted({ cacheSeconds: 3_600, ...plan }, context);

/** Asks in a new channel; resolves to what it came to. */
async function ask(accepted: Accepted, of = project): Promise<Outcome & { channel: string }> {
  channels += 1;
  const address = { project: of, channel: `channel-${channels}`, aggregate: 'request' };
  await runner.log.append(address, { type: 'request.accepted', data: accepted }, { expectedRevision: 0 });
  await runner.deliver((await runner.log.last(address)) as AskedEvent);
  return { ...((await runner.log.last(address))?.data as Outcome), channel: address.channel };
}

describe('an equal question', () => {
  it('gets the earlier answer: nobody is asked, nothing is used, nothing is paid, and it says so', async () => {
    const first = await ask(question());
    const second = await ask(question());
    expect(first.generation.cached).toBeUndefined();
    expect(first.generation.attempts).toHaveLength(1);
    expect(second.output).toEqual(first.output);
    expect(second.generation).toMatchObject({
      cached: true,
      costUsd: 0,
      usage: { promptTokens: 0, completionTokens: 0 },
      attempts: [],
      httpStatus: 200,
      usedProvider: first.generation.usedProvider,
      usedModel: first.generation.usedModel,
    });
    expect(metaOf(second.context, second.generation, 'success')).toMatchObject({ cached: true, cost_usd: 0 });
    expect(metaOf(first.context, first.generation, 'success')).not.toHaveProperty('cached');
  });

  it('is equal whoever asks it and however often it may be tried, and also a third time', async () => {
    await ask(question({}, { customerData: { user: 'u1' } }));
    const retry = { attempts: 3, initialMs: 1, factor: 1, maxMs: 1 };
    expect((await ask(question({ retry }, { customerData: { user: 'u2' } }))).generation.cached).toBe(true);
    expect((await ask(question())).generation.cached).toBe(true);
  });

  it('of an event-driven request gets the answer of the AI, not what the backend made of it', async () => {
    const asked = question({}, { eventName: 'ready' });
    const first = await ask(asked);
    const address = { project, channel: first.channel, aggregate: 'request' };
    const callback = aCallback();
    await handleCommand(runner.log, requestDecider, address, {
      type: 'receiveCallback',
      callback,
      at: callback.receivedAt,
    });
    const second = await ask(asked);
    expect(second.generation.cached).toBe(true);
    expect(second.output).toEqual(first.output);
    expect(second).toHaveProperty('callbackDeadline');
  });
});

describe('a provider is asked', () => {
  const [message] = question().messages;

  it.each<[string, Accepted]>([
    ['for other messages', { ...question(), messages: [{ role: 'user', content: 'Something else' }] }],
    ['for one message more', { ...question(), messages: [...question().messages, ...(message ? [message] : [])] }],
    ['with other parameters', question({ parameters: { temperature: 0.5 } })],
    ['with other instructions', question({ systemInstructions: 'Be brief.' })],
    ['of another model', question({ targets: [{ provider: 'offline', model: 'other', timeoutMs: 1_000 }] })],
    [
      'for another structure',
      question({ structuredOutput: { name: 'n', schema: { type: 'object' }, sampleData: null } }),
    ],
    ['where the workflow does not allow it', question({ cacheSeconds: undefined })],
  ])('%s', async (_, other) => {
    await ask(question());
    expect((await ask(other)).generation.cached).toBeUndefined();
  });

  it('for another project', async () => {
    await ask(question());
    const cache = new AnswerCache(runner.records, runner.log);
    const address = { project: 'project-2', channel: 'c', aggregate: 'request' };
    expect(await cache.find({ address, data: question() } as unknown as AskedEvent)).toBeUndefined();
  });

  it('when the answer was erased', async () => {
    await ask(question());
    const cache = new AnswerCache(runner.records, new InMemoryEventLog());
    const address = { project, channel: 'c', aggregate: 'request' };
    expect(await cache.find({ address, data: question() } as unknown as AskedEvent)).toBeUndefined();
  });

  it('when the time that the workflow allows is over', async () => {
    await ask(question());
    const kept = Date.now();
    while (Date.now() < kept + 1_000) await new Promise((resolve) => setImmediate(resolve));
    expect((await ask(question({ cacheSeconds: 1 }))).generation.cached).toBeUndefined();
  });

  it('when what is remembered cannot be reached', async () => {
    const away = () => Promise.reject(new EventLogUnavailable('away'));
    const cache = new AnswerCache({ read: away, write: away }, runner.log);
    const address = { project, channel: 'c', aggregate: 'request' };
    expect(await cache.find({ address, data: question() } as unknown as AskedEvent)).toBeUndefined();
  });

  it('in test mode, whose answers are made up', async () => {
    const testing = question({}, { testMode: true });
    await ask(testing);
    expect((await ask(testing)).generation.cached).toBeUndefined();
  });

  it('after a failure', async () => {
    const failing = question({ targets: [{ provider: 'nobody', model: 'x', timeoutMs: 1_000 }] });
    await ask(failing);
    expect(runner.records.text).toBe('[]');
  });
});

describe('what is remembered', () => {
  it('is where the answer stands, and nothing of question or answer', async () => {
    const first = await ask(question());
    const text = runner.records.text;
    expect(text).toContain(first.channel);
    expect(text.length).toBeLessThan(300);
    expect(text).not.toContain(JSON.stringify(question().messages[0]?.content));
  });
});

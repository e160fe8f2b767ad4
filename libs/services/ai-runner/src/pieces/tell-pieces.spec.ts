import { describe, expect, it } from '@jest/globals';
import { openAiStream, openAiWire, sseData, aChunk } from '@headrace/providers/testing';
import { anAccepted } from '../testing/ai-runner.harness.js';
import { mistral, offline, openai, twoProviders } from '../testing/two-providers.js';

const providers = twoProviders();
const schema = { type: 'object', properties: { title: { type: 'string' } }, required: ['title'] };
const structuredOutput = { name: 'card', schema, sampleData: null };
const streamed = { stream: true, sync: true };
const contentOf = (pieces: readonly { content?: string }[]): string => pieces.map(({ content }) => content).join('');

describe('an answer that is asked for piece by piece', () => {
  it('is told as it comes, without gaps, and comes to the whole answer', async () => {
    const runner = providers.aRunner();
    const context = { ...streamed, customerData: { chunks: 5, chunk_delay_ms: 15 } };
    const { data } = await runner.run(anAccepted({ targets: [offline] }, context));
    expect(runner.told.length).toBeGreaterThan(1);
    expect(runner.told.map(({ index }) => index)).toEqual([...runner.told.keys()]);
    expect(contentOf(runner.told)).toBe((data as { output: { content: string } }).output.content);
  });

  it('is told with its tool calls', async () => {
    providers.server.answerNext(openAiStream.toolCalls());
    const runner = providers.aRunner();
    await runner.run(anAccepted({ targets: [openai] }, streamed));
    const calls = runner.told.flatMap(({ toolCalls = [] }) => toolCalls);
    expect(calls[0]).toMatchObject({ index: 0, id: 'call_a' });
    expect(calls).toHaveLength(5);
  });

  it('is told to whoever comes in the middle', async () => {
    const more = Promise.withResolvers<undefined>();
    async function* events() {
      yield sseData(aChunk({ role: 'assistant', content: 'one ' }));
      await more.promise;
      yield* openAiStream.textEvents('two');
    }
    providers.server.answerNext(openAiStream.held(events()));
    const runner = providers.aRunner();
    const first = new Promise((resolve) => {
      runner.pieces.follow('project-1', '3f9f6b8e-0000-4000-8000-000000000001', resolve);
    });
    const accepted = await runner.accept(anAccepted({ targets: [openai] }, streamed));
    const delivered = runner.deliver(accepted);
    await first;
    const { project, channel } = accepted.address;
    expect(await runner.pieces.askSoFar(project, channel)).toEqual({ next: 1, content: 'one ', toolCalls: [] });
    more.resolve(undefined);
    await delivered;
    expect(await runner.pieces.askSoFar(project, channel)).toBeUndefined();
    expect((await runner.outcome()).data).toMatchObject({ output: { content: 'one two' } });
  });

  it('is told whole, and once it is known to fit, when it must be of a schema', async () => {
    const { server } = providers;
    server.answerNext(openAiWire.text('{"title":1}'), openAiWire.text('{"title":"A"}'));
    const runner = providers.aRunner();
    await runner.run(anAccepted({ targets: [openai], structuredOutput, repairs: 1 }, streamed));
    expect(runner.told).toEqual([{ index: 0, content: '{"title":"A"}' }]);
    expect(server.requests.map((request) => request.json<{ stream?: boolean }>().stream ?? false)).toEqual([
      false,
      false,
    ]);
  });
});

describe('a provider that breaks off', () => {
  const retry = { attempts: 3, initialMs: 1, factor: 1, maxMs: 1 };
  const overloaded = { message: 'overloaded', code: 503 };

  it('after a piece was told, ends the request: another answer must not follow on the beginning of this one', async () => {
    const { server } = providers;
    server.answerNext(openAiStream.errorAfterText(overloaded), openAiStream.text('Hi'));
    const runner = providers.aRunner();
    const plan = { targets: [openai, mistral], retry, offlineFallback: true };
    const { types, data } = await runner.run(anAccepted(plan, streamed));
    expect(types).toEqual(['request.accepted', 'generation.attempted', 'request.failed']);
    expect(data).toMatchObject({ code: 'provider_failed', generation: { attempts: [{ provider: 'openai' }] } });
    expect(await runner.attempts()).toMatchObject([{ final: true }]);
    expect(runner.told).toEqual([{ index: 0, content: 'We' }]);
  });

  it('before the first piece, gives way to the next one', async () => {
    const { server } = providers;
    server.answerNext(openAiWire.badKey('sk'), openAiStream.text('Hello ', 'there'));
    const runner = providers.aRunner();
    const { types } = await runner.run(anAccepted({ targets: [openai, mistral], retry }, streamed));
    expect(types.at(-1)).toBe('request.completed');
    expect(contentOf(runner.told)).toBe('Hello there');
  });

  it('is not followed by another one after the process died in between', async () => {
    const runner = providers.aRunner();
    const accepted = await runner.accept(anAccepted({ targets: [openai, offline] }, streamed));
    await runner.tellAttempt({ target: 0 }, undefined, true);
    await runner.deliver(accepted, { count: 2 });
    expect((await runner.outcome()).types.at(-1)).toBe('request.failed');
  });
});

describe('a request that is delivered again', () => {
  it('is answered whole, because its beginning may have been told already', async () => {
    providers.server.answerNext(openAiWire.text('Hi'));
    const runner = providers.aRunner();
    await runner.deliver(await runner.accept(anAccepted({ targets: [openai] }, streamed)), { count: 2 });
    expect((await runner.outcome()).types.at(-1)).toBe('request.completed');
    expect(runner.told).toEqual([]);
  });
});

describe('a request that does not say', () => {
  const asksToStream = async () => (await providers.server.next()).json<{ stream?: boolean }>();

  it('is told piece by piece when it is async, since a browser may watch its channel', async () => {
    providers.server.answerNext(openAiStream.text('Hi'));
    const runner = providers.aRunner();
    await runner.run(anAccepted({ targets: [openai] }));
    expect(runner.told).toEqual([{ index: 0, content: 'Hi' }]);
  });

  it.each([
    ['an operator who does not want that', { settings: { asyncTokens: false } }, {}],
    ['a request that says no', {}, { stream: false }],
    ['somebody who waits for the whole answer', {}, { sync: true }],
  ])('is not for %s', async (_name, parts, context) => {
    providers.server.answerNext(openAiWire.text('Hi'));
    const runner = providers.aRunner(parts);
    await runner.run(anAccepted({ targets: [openai] }, context));
    expect(runner.told).toEqual([]);
    expect((await asksToStream()).stream ?? false).toBe(false);
  });

  it('is not told what the offline provider answers at once', async () => {
    const runner = providers.aRunner();
    await runner.run(anAccepted());
    expect(runner.told).toEqual([]);
  });
});

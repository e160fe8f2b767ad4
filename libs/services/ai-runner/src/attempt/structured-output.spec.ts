import { describe, expect, it } from '@jest/globals';
import type { ChatMessage } from '@headrace/contracts';
import { aChatCompletion, openAiWire } from '@headrace/providers/testing';
import { cpuMsOf } from '@headrace/testing';
import { anAccepted } from '../testing/ai-runner.harness.js';
import { mistral, offline, openai, twoProviders } from '../testing/two-providers.js';
import { jsonIn } from './json-in-text.js';

const providers = twoProviders();
const schema = {
  type: 'object',
  properties: { title: { type: 'string' } },
  required: ['title'],
  additionalProperties: false,
};
const structuredOutput = { name: 'card', schema, sampleData: null };
const good = '{"title":"A"}';
const bad = '{"title":1}';

describe('JSON in what a model wrote', () => {
  it.each([
    ['the text itself', good],
    ['a fence', `\`\`\`json\n${good}\n\`\`\``],
    ['a fence after an explanation', `Here you are:\n\`\`\`\n${good}\n\`\`\`\nAnything else?`],
    ['a fence in a list', `- the card:\n  \`\`\`JSON\n  ${good}\n  \`\`\``],
    ['prose', `Sure! ${good} I hope that helps.`],
    ['prose with brackets of its own', `As {asked} [sic]: ${good} :-]`],
    ['a sentence before it that has quotation marks', `The "card" is: ${good}`],
  ])('is found when it is %s', (_name, text) => {
    expect(jsonIn(text)).toEqual([{ title: 'A' }]);
  });

  it('is every value of it, whatever they hold', () => {
    expect(jsonIn('Either [1, {"a":"}"}] or {"b":"\\"]"}.')).toEqual([[1, { a: '}' }], { b: '"]' }]);
  });

  it.each(['', 'no', '{"title": "A"', '[[[[', '{"a":1} '.repeat(11)])('is not found in %j', (text) => {
    expect(jsonIn(text)).toEqual([]);
  });

  it.each([
    ['brackets', '[{"'.repeat(300_000)],
    ['white space behind a fence', `\`\`\`json\n{"a":${' '.repeat(1_000_000)}`],
    ['backticks', `${'`'.repeat(1_000_000)}\n`],
    ['fences', '```a\n'.repeat(200_000)],
  ])('is looked for in time, however long a text of %s is', (_name, text) => {
    expect(cpuMsOf(() => void jsonIn(text))).toBeLessThan(2_000);
  });
});

describe('a structured answer', () => {
  it('is the only value in the text that fits', async () => {
    providers.server.answerNext(openAiWire.text(`Not ${bad} but ${good}.`));
    const { data } = await providers.aRunner().run(anAccepted({ targets: [openai], structuredOutput }));
    expect(data).toMatchObject({ output: { data: { title: 'A' } }, generation: { structuredOutput: true } });
  });

  it('is not guessed when two values fit', async () => {
    providers.server.answerNext(openAiWire.text(`${good} or {"title":"B"}`));
    const { data } = await providers.aRunner().run(anAccepted({ targets: [openai], structuredOutput }));
    expect(data).toMatchObject({ code: 'structured_output_invalid', message: expect.stringContaining('2 values') });
  });
});

describe('an answer that does not fit its schema', () => {
  it('is mended by the same model, which is shown its answer and what is wrong', async () => {
    const { server } = providers;
    server.answerNext(openAiWire.text(bad), openAiWire.text(good));
    const runner = providers.aRunner();
    const { types, data } = await runner.run(anAccepted({ targets: [openai, mistral], structuredOutput, repairs: 1 }));
    expect(types).toEqual(['request.accepted', 'generation.attempted', 'request.completed']);
    expect(data).toMatchObject({
      output: { data: { title: 'A' } },
      generation: {
        usage: { promptTokens: 19 },
        attempts: [
          { code: 'structured_output_invalid', usage: { promptTokens: 19, completionTokens: 10 } },
          { status: 'success', kind: 'repair', target: 0 },
        ],
      },
    });
    await server.next();
    const { messages } = (await server.next()).json<{ messages: ChatMessage[] }>();
    expect(messages.slice(1)).toEqual([
      { role: 'assistant', content: bad },
      { role: 'user', content: expect.stringContaining('- /title must be string') },
    ]);
  });

  it('is left to the next model when it cannot be mended, and its own mistakes are not shown to that one', async () => {
    const { server } = providers;
    server.answerNext(openAiWire.text(bad), openAiWire.text('No.'), openAiWire.text(good));
    const runner = providers.aRunner();
    const { data } = await runner.run(anAccepted({ targets: [openai, mistral], structuredOutput, repairs: 1 }));
    expect(data).toMatchObject({ generation: { usedProvider: 'mistral' } });
    expect(server.requests.at(-1)?.json<{ messages: ChatMessage[] }>().messages).toHaveLength(1);
  });

  it('is not mended unless the workflow allows it', async () => {
    const { server } = providers;
    server.answerNext(openAiWire.text(bad), openAiWire.text(good));
    await providers.aRunner().run(anAccepted({ targets: [openai, mistral], structuredOutput }));
    expect(server.requests.map((request) => request.json<{ model: string }>().model)).toEqual(['gpt-4o', 'small']);
  });

  it('is not mended by its model when it was cut at the limit of tokens', async () => {
    const { server } = providers;
    const cut = aChatCompletion({ content: '{"title":"A' }, { finish_reason: 'length' });
    server.answerNext(openAiWire.completion(cut), openAiWire.text(good));
    const runner = providers.aRunner();
    await runner.run(anAccepted({ targets: [openai, mistral], structuredOutput, repairs: 2 }));
    expect(server.requests.map((request) => request.json<{ model: string }>().model)).toEqual(['gpt-4o', 'small']);
    expect(await runner.attempts()).toMatchObject([{ misfit: { cut: true } }]);
  });

  it('at last fails the request, with what is wrong and the text for the app to see', async () => {
    providers.server.answerAlways(openAiWire.text(bad));
    const runner = providers.aRunner();
    const { types, data } = await runner.run(anAccepted({ targets: [openai, mistral], structuredOutput, repairs: 1 }));
    expect(types.filter((type) => type === 'generation.attempted')).toHaveLength(4);
    expect(data).toMatchObject({
      code: 'structured_output_invalid',
      message: expect.stringContaining('/title must be string'),
      details: { status: 200, content: bad, violations: [{ path: '/title', message: 'must be string' }] },
    });
    expect(await runner.attempts()).toMatchObject([{ misfit: { content: bad } }, {}, {}, {}]);
  });

  it('is mended after a wait for the provider, too', async () => {
    const { server } = providers;
    server.answerNext(openAiWire.text(bad), openAiWire.serverError(), openAiWire.text(good));
    const retry = { attempts: 2, initialMs: 1, factor: 1, maxMs: 1 };
    const runner = providers.aRunner();
    await runner.run(anAccepted({ targets: [openai], structuredOutput, repairs: 1, retry }));
    expect((await runner.outcome()).types.at(-1)).toBe('request.completed');
    const last = server.requests.at(-1)?.json<{ messages: ChatMessage[] }>();
    expect(last?.messages.at(1)).toEqual({ role: 'assistant', content: bad });
  });

  it('is mended by the offline provider after as many turns as it is told', async () => {
    const runner = providers.aRunner();
    const { types } = await runner.run(
      anAccepted(
        { targets: [offline], structuredOutput, repairs: 2 },
        { customerData: { error: 'invalid_json', repair_after: 2 } },
      ),
    );
    expect(types.filter((type) => type === 'generation.attempted')).toHaveLength(2);
    expect(types.at(-1)).toBe('request.completed');
  });
});

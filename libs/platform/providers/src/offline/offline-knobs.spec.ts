import { describe, expect, it } from '@jest/globals';
import type { ChatMessage, JsonObject } from '@headrace/contracts';
import type { GenerationRequest, ProviderAnswer } from '../ai-provider.js';
import { SchemaCompiler } from '../schema/schema-compiler.js';
import { OfflineProvider } from './offline.provider.js';

const schema = new SchemaCompiler().compile({
  type: 'object',
  properties: { title: { type: 'string' } },
  required: ['title'],
});
const weather = {
  type: 'object',
  properties: { city: { type: 'string', minLength: 3 }, days: { type: 'integer', minimum: 1, maximum: 7 } },
  required: ['city', 'days'],
};
const tools: JsonObject[] = [
  { type: 'function', function: { name: 'weather', parameters: weather } },
  { type: 'function', function: { name: 'time' } },
];
const ask: ChatMessage = { role: 'user', content: 'Hello' };

const generate = (
  metadata: JsonObject,
  overrides: Partial<GenerationRequest> = {},
  faults = true,
): Promise<ProviderAnswer> =>
  new OfflineProvider(faults).generate(
    {
      ...{ provider: 'offline', model: 'any', messages: [ask], parameters: {}, structuredOutput: null },
      ...{ access: null, workflow: 'demo', metadata },
      ...overrides,
    },
    { signal: new AbortController().signal, timeoutMs: 1_000 },
  );

/** What follows in the conversation when the tools of an answer have answered. */
const resultsOf = ({ toolCalls }: ProviderAnswer, content: string): ChatMessage[] => {
  const calling = { role: 'assistant', content: null, tool_calls: [...toolCalls] };
  return [calling, ...toolCalls.map(({ id }) => ({ role: 'tool', tool_call_id: id ?? '', content }))];
};

const callOf = ({ toolCalls }: ProviderAnswer): { name: string; arguments: unknown } => {
  const { name, arguments: text } = toolCalls[0]?.function as { name: string; arguments: string };
  return { name, arguments: JSON.parse(text) as unknown };
};

describe('fail_times of the offline provider', () => {
  it('fails so many attempts, then answers', async () => {
    const metadata = { error: 429, fail_times: 2 };
    await expect(generate(metadata, { attempt: 1 })).rejects.toMatchObject({ code: 'rate_limited' });
    await expect(generate(metadata, { attempt: 2 })).rejects.toMatchObject({ code: 'rate_limited' });
    await expect(generate(metadata, { attempt: 3 })).resolves.toBeDefined();
  });

  it('is a 500 when no error is named', async () => {
    await expect(generate({ fail_times: 1 })).rejects.toMatchObject({ code: 'provider_failed', httpStatus: 500 });
  });

  it('fails nothing when it is 0', async () => {
    await expect(generate({ error: 429, fail_times: 0 })).resolves.toBeDefined();
  });
});

describe('invalid_json of the offline provider', () => {
  const structuredOutput = { name: 'card', schema };

  it('is an answer that cannot be read when JSON was asked for', async () => {
    const { content } = await generate({ error: 'invalid_json' }, { structuredOutput });
    expect(() => void JSON.parse(content ?? '')).toThrow(SyntaxError);
  });

  it('is over once the conversation shows so many bad answers', async () => {
    const metadata = { error: 'invalid_json', repair_after: 2 };
    const messages = [ask];
    for (let turn = 0; turn < 2; turn++) {
      const { content } = await generate(metadata, { structuredOutput, messages });
      expect(() => void JSON.parse(content ?? '')).toThrow(SyntaxError);
      messages.push({ role: 'assistant', content }, { role: 'user', content: 'That is not JSON.' });
    }
    const { content } = await generate(metadata, { structuredOutput, messages });
    expect(schema.violations(JSON.parse(content ?? ''))).toEqual([]);
  });
});

describe('a tool call of the offline provider', () => {
  it('is the one that the metadata asks for', async () => {
    const answer = await generate({ tool_call: { name: 'weather', arguments: { city: 'Oslo' } } });
    expect(answer).toMatchObject({ content: null, finishReason: 'tool_calls' });
    expect(callOf(answer)).toEqual({ name: 'weather', arguments: { city: 'Oslo' } });
    expect(answer.body).toMatchObject({
      choices: [{ message: { content: null, tool_calls: answer.toolCalls }, finish_reason: 'tool_calls' }],
    });
  });

  it.each<[string, JsonObject, JsonObject]>([
    ['the metadata names the tool only', { tool_call: { name: 'weather' } }, {}],
    ['the choice is left to the model', {}, {}],
    ['the choice is left to the model by name', {}, { tool_choice: 'auto' }],
    ['one must be called', {}, { tool_choice: 'required' }],
    ['this one must be called', {}, { tool_choice: { type: 'function', function: { name: 'weather' } } }],
  ])("has arguments that fit the tool's schema when %s", async (_name, metadata, parameters) => {
    const call = callOf(await generate(metadata, { parameters: { tools, ...parameters } }));
    expect(call.name).toBe('weather');
    expect(new SchemaCompiler().compile(weather).violations(call.arguments)).toEqual([]);
  });

  it('has no arguments for a tool without a schema', async () => {
    const call = callOf(await generate({ tool_call: { name: 'time' } }, { parameters: { tools } }));
    expect(call).toEqual({ name: 'time', arguments: {} });
  });

  it.each<[string, JsonObject]>([
    ['is forbidden', { tools, tool_choice: 'none' }],
    ['has nothing to choose from', { tool_choice: 'required' }],
  ])('is not made when it %s', async (_name, parameters) => {
    expect(await generate({}, { parameters })).toMatchObject({ toolCalls: [], finishReason: 'stop' });
  });

  it('is followed by a text once the tool has answered, and made again when the user asks again', async () => {
    const parameters = { tools, tool_choice: 'required' };
    const called = await generate({}, { parameters });
    const messages: ChatMessage[] = [ask, ...resultsOf(called, 'sunny')];
    expect((await generate({}, { parameters, messages })).content).toContain('offline provider');
    messages.push({ role: 'assistant', content: 'It is sunny.' }, { role: 'user', content: 'And tomorrow?' });
    expect((await generate({}, { parameters, messages })).toolCalls).toHaveLength(1);
  });

  it('is of the tool that the user speaks of', async () => {
    const messages = [{ role: 'user', content: 'What time is it?' }];
    expect(callOf(await generate({}, { messages, parameters: { tools } }))).toEqual({ name: 'time', arguments: {} });
  });

  it('is made as often as the metadata asks for', async () => {
    const messages = [ask];
    for (let round = 0; round < 3; round++) {
      const called = await generate({ tool_rounds: 3 }, { parameters: { tools }, messages });
      expect(called.toolCalls).toHaveLength(1);
      messages.push(...resultsOf(called, 'sunny'));
    }
    expect(await generate({ tool_rounds: 3 }, { parameters: { tools }, messages })).toMatchObject({ toolCalls: [] });
    expect(await generate({ tool_rounds: 0 }, { parameters: { tools } })).toMatchObject({ toolCalls: [] });
  });

  it('says so when no arguments fit', async () => {
    const parameters = {
      type: 'object',
      properties: { a: { type: 'integer', minimum: 2, maximum: 1 } },
      required: ['a'],
    };
    const impossible = [{ type: 'function', function: { name: 'f', parameters } }];
    await expect(generate({}, { parameters: { tools: impossible, tool_choice: 'required' } })).rejects.toMatchObject({
      code: 'invalid_request',
      message: expect.stringContaining('cannot answer'),
    });
  });
});

describe('other wishes to the offline provider', () => {
  it('are numbers of tokens', async () => {
    const usage = { prompt_tokens: 1_000_000, completion_tokens: 500 };
    expect(await generate({ usage })).toMatchObject({
      usage: { promptTokens: 1_000_000, completionTokens: 500 },
      body: { usage: { ...usage, total_tokens: 1_000_500 } },
    });
  });

  it.each<[JsonObject, string]>([
    [{ tool_call: 'weather' }, 'metadata.tool_call'],
    [{ tool_call: { name: '' } }, 'metadata.tool_call'],
    [{ tool_call: { name: 'weather', arguments: '{}' } }, 'metadata.tool_call'],
    [{ tool_rounds: -1 }, 'metadata.tool_rounds'],
    [{ usage: { prompt_tokens: -1, completion_tokens: 1 } }, 'metadata.usage.prompt_tokens'],
    [{ usage: 'much' }, 'metadata.usage.prompt_tokens'],
    [{ chunks: 0 }, 'metadata.chunks'],
    [{ chunk_delay_ms: '1' }, 'metadata.chunk_delay_ms'],
    [{ fail_times: '2' }, 'metadata.fail_times'],
    [{ fail_times: 1.5 }, 'metadata.fail_times'],
    [{ error: 'invalid_json', repair_after: true }, 'metadata.repair_after'],
    [{ retry_after_ms: 'soon' }, 'metadata.retry_after_ms'],
  ])('%j are refused with the name of the field', async (metadata, field) => {
    await expect(generate(metadata)).rejects.toMatchObject({
      code: 'invalid_request',
      message: expect.stringMatching(new RegExp(`^${field} must be `)),
    });
  });

  it('are not heard where faults are off', async () => {
    const metadata = { tool_call: { name: 'f' }, usage: { prompt_tokens: 1, completion_tokens: 1 }, fail_times: 9 };
    expect(await generate(metadata, {}, false)).toEqual(await generate({}, {}, false));
  });
});

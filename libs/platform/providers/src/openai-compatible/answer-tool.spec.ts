import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '@headrace/contracts';
import type { ReceiverAnswer } from '@headrace/testing';
import type { GenerationRequest } from '../ai-provider.js';
import { SchemaCompiler } from '../schema/schema-compiler.js';
import { aChunk, openAiStream, sseData, sseDone } from '../testing/openai-stream.fixtures.js';
import { aChatCompletion, openAiWire } from '../testing/openai-wire.fixtures.js';
import { ProviderHarness } from '../testing/provider.harness.js';
import { OpenAiCompatibleProvider } from './openai-compatible.provider.js';
import { anyAddressPreset } from './provider-presets.js';

let harness: ProviderHarness;

beforeAll(async () => {
  harness = await ProviderHarness.start();
});
afterEach(() => harness.server.reset());
afterAll(() => harness.stop());

const object = { type: 'object', properties: { a: { type: 'integer' } } };
const list = { type: 'array', items: { $ref: '#/$defs/n' }, $defs: { n: { type: 'integer' } } };

const asking = (schema: JsonObject, parameters: JsonObject = {}): Partial<GenerationRequest> => ({
  parameters: { ...parameters, structured_output_mode: 'tool' },
  structuredOutput: { name: 'card', schema: new SchemaCompiler().compile(schema) },
});
const provider = (): OpenAiCompatibleProvider => new OpenAiCompatibleProvider(harness.remote, anyAddressPreset);
const generate = (answer: ReceiverAnswer, request: Partial<GenerationRequest>) =>
  harness.generate(provider(), answer, request);

const called = (name: string, input: string): JsonObject => ({
  ...{ id: `call_${name}`, type: 'function', function: { name, arguments: input } },
});
const calling = (...calls: JsonObject[]): ReceiverAnswer =>
  openAiWire.completion(aChatCompletion({ content: null, tool_calls: calls }, { finish_reason: 'tool_calls' }));
const answering = (input: string): JsonObject => called('structured_answer', input);

async function sent(schema: JsonObject, parameters: JsonObject = {}): Promise<JsonObject> {
  await generate(calling(answering('{}')), asking(schema, parameters)).answer;
  return (await harness.server.next()).json<JsonObject>();
}

describe('a structured answer by a tool', () => {
  it('is asked for by a tool that must be called', async () => {
    expect(await sent(object)).toMatchObject({
      tools: [{ type: 'function', function: { name: 'structured_answer', parameters: object } }],
      tool_choice: { type: 'function', function: { name: 'structured_answer' } },
    });
  });

  it('wraps what is no object, its definitions at the root', async () => {
    const { tools } = await sent(list);
    expect(tools).toMatchObject([
      {
        function: {
          parameters: {
            ...{ type: 'object', properties: { value: { type: 'array', items: { $ref: '#/$defs/n' } } } },
            ...{ required: ['value'], $defs: list.$defs },
          },
        },
      },
    ]);
  });

  it.each<[string, JsonObject, unknown]>([
    ['any of them', {}, 'required'],
    ['none of the others', { tool_choice: 'none' }, { type: 'function', function: { name: 'structured_answer' } }],
    [
      'the one that the client wants first',
      { tool_choice: { type: 'function', function: { name: 'time' } } },
      { type: 'function', function: { name: 'time' } },
    ],
  ])('leaves the tools of the client, and calls %s', async (_name, parameters, choice) => {
    const own = { type: 'function', function: { name: 'time' } };
    const { tools, tool_choice: chosen } = await sent(object, { tools: [own], ...parameters });
    expect(tools).toMatchObject([own, { function: { name: 'structured_answer' } }]);
    expect(chosen).toEqual(choice);
  });

  it('is read as the text of the answer', async () => {
    const { body, ...answer } = await generate(calling(answering('{"a":1}')), asking(object)).answer;
    expect(answer).toMatchObject({ content: '{"a":1}', toolCalls: [], finishReason: 'stop' });
    expect(body).toMatchObject({ choices: [{ message: { content: '{"a":1}' }, finish_reason: 'stop' }] });
    expect(JSON.stringify(body)).not.toContain('tool_calls');
  });

  it('is taken out of its wrapping', async () => {
    const { content } = await generate(calling(answering('{"value":[1,2]}')), asking(list)).answer;
    expect(content).toBe('[1,2]');
  });

  it('is left as it is when it cannot be read, or came as text', async () => {
    const broken = await generate(calling(answering('{"value":[')), asking(list)).answer;
    expect(broken.content).toBe('{"value":[');
    const text = await generate(openAiWire.text('{"a":1}'), asking(object)).answer;
    expect(text).toMatchObject({ content: '{"a":1}', finishReason: 'stop' });
  });

  it('waits for the results of other tools that are called with it', async () => {
    const time = called('time', '{}');
    const answer = await generate(calling(answering('{"a":1}'), time), asking(object)).answer;
    expect(answer).toMatchObject({ content: null, toolCalls: [time], finishReason: 'tool_calls' });
  });
});

describe('a streamed answer by a tool', () => {
  const pieces = (...parts: string[]): ReceiverAnswer =>
    openAiStream.events([
      ...parts.map((part, index) =>
        sseData(
          aChunk({
            tool_calls: [
              index === 0
                ? { index: 0, id: 'call_a', type: 'function', function: { name: 'structured_answer', arguments: part } }
                : { index: 0, function: { arguments: part } },
            ],
          }),
        ),
      ),
      sseData(aChunk({}, { finish_reason: 'tool_calls' })),
      sseDone,
    ]);
  const stream = (answer: ReceiverAnswer, schema: JsonObject) => harness.stream(provider(), answer, asking(schema));

  it('is told as text', async () => {
    const { answer, told } = stream(pieces('', '{"a"', ':1}'), object);
    expect(await answer).toMatchObject({ content: '{"a":1}', toolCalls: [], finishReason: 'stop' });
    expect(told).toEqual([{ content: '{"a"' }, { content: ':1}' }]);
  });

  it('is told at the end when it is wrapped', async () => {
    const { answer, told } = stream(pieces('{"value":', '[1]}'), list);
    expect(await answer).toMatchObject({ content: '[1]' });
    expect(told).toEqual([{ content: '[1]' }]);
  });

  it('leaves the pieces of other calls as they are', async () => {
    const { answer, told } = stream(openAiStream.toolCalls(), object);
    expect((await answer).toolCalls).toHaveLength(2);
    expect(told.flatMap(({ toolCalls = [] }) => toolCalls)).toHaveLength(5);
  });
});

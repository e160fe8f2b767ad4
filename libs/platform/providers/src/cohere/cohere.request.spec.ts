import { describe, expect, it } from '@jest/globals';
import type { Json, JsonObject } from '@headrace/contracts';
import {
  aGenerationRequest,
  refusalOf,
  weatherCall,
  weatherTool,
  type Asked,
} from '../testing/generation-request.fixtures.js';
import { cohereRequest } from './cohere.request.js';

const model = 'command-a-03-2025';
const thinking = 'command-a-reasoning-08-2025';
const bodyOf = (asked: Partial<Asked>): JsonObject =>
  cohereRequest(aGenerationRequest('cohere', { model, ...asked }), false);
const timeTool: JsonObject = { type: 'function', function: { name: 'time' } };

describe('the conversation in Cohere’s terms', () => {
  it('has all system instructions in one message, the first', () => {
    const messages = [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: [{ type: 'text', text: 'Hello' }] },
      { role: 'assistant', content: 'Hi' },
      { role: 'assistant', content: '' },
      { role: 'developer', content: 'In rhyme.' },
    ];
    expect(bodyOf({ messages }).messages).toEqual([
      { role: 'system', content: 'Be brief.\n\nIn rhyme.' },
      { role: 'user', content: 'Hello' },
      { role: 'assistant', content: 'Hi' },
    ]);
  });

  it('has calls of tools with the plan for them, and their results', () => {
    const messages: JsonObject[] = [
      { role: 'user', content: 'Weather?' },
      { role: 'assistant', content: 'Let me look.', tool_calls: [weatherCall('a', ' {"city":"Oslo"} ')] },
      { role: 'tool', tool_call_id: 'a', content: 'rain' },
      { role: 'assistant', content: null, tool_plan: 'Once more.', tool_calls: [weatherCall('b', '')] },
      { role: 'tool', tool_call_id: 'b', content: [{ type: 'text', text: 'sun' }] },
    ];
    expect(bodyOf({ messages }).messages).toEqual([
      { role: 'user', content: 'Weather?' },
      { role: 'assistant', tool_plan: 'Let me look.', tool_calls: [weatherCall('a', '{"city":"Oslo"}')] },
      { role: 'tool', tool_call_id: 'a', content: 'rain' },
      { role: 'assistant', tool_plan: 'Once more.', tool_calls: [weatherCall('b', '{}')] },
      { role: 'tool', tool_call_id: 'b', content: 'sun' },
    ]);
  });

  it('has images, and nothing else', () => {
    const image = { type: 'image_url', image_url: { url: 'data:image/png;base64,aGk=', detail: 'low' } };
    const content: Json = [{ type: 'text', text: 'What is this?' }, image];
    expect(bodyOf({ messages: [{ role: 'user', content }] }).messages).toEqual([{ role: 'user', content }]);
    const file = { type: 'file', file: { file_data: 'data:application/pdf;base64,aGk=' } };
    expect(refusalOf(() => bodyOf({ messages: [{ role: 'user', content: [file] }] }))).toBe(
      "messages[0].content[0].file: Cohere's models take texts and images only.",
    );
  });
});

describe('the parameters in Cohere’s terms', () => {
  it('have other names, and narrower ranges', () => {
    const parameters = {
      ...{ max_tokens: 9, temperature: 0.5, top_p: 1, top_k: 3, stop: 'END', seed: 7, user: 'u-1' },
      ...{ presence_penalty: -2, frequency_penalty: 1.5, extra_body: { safety_mode: 'STRICT' } },
    };
    expect(bodyOf({ parameters })).toEqual({
      ...{ model, messages: [{ role: 'user', content: 'Hello' }], stream: false, safety_mode: 'STRICT' },
      ...{ max_tokens: 9, temperature: 0.5, p: 0.99, k: 3, stop_sequences: ['END'], seed: 7 },
      ...{ presence_penalty: 0, frequency_penalty: 1 },
    });
  });

  it.each<[string, Json, Json | undefined]>([
    [thinking, 'none', { type: 'disabled' }],
    [thinking, 'medium', { type: 'enabled', token_budget: 8_192 }],
    ['command-a-plus-05-2026', 'low', { type: 'enabled', token_budget: 2_048 }],
    [model, 'low', undefined],
    ['command-r-plus-08-2024', 'low', undefined],
  ])('of thinking depend on the model: %s at %s', (name, reasoning_effort, sent) => {
    expect(bodyOf({ model: name, parameters: { reasoning_effort } }).thinking).toEqual(sent);
  });

  it.each<[Json, string | undefined, string[]]>([
    ['auto', undefined, ['weather', 'time']],
    ['none', 'NONE', ['weather', 'time']],
    ['required', 'REQUIRED', ['weather', 'time']],
    [{ type: 'function', function: { name: 'time' } }, 'REQUIRED', ['time']],
  ])('have tools, and the choice among them: %j', (tool_choice, native, names) => {
    const body = bodyOf({ parameters: { tools: [weatherTool, timeTool], tool_choice } });
    expect(body.tool_choice).toBe(native);
    expect(body.tools).toMatchObject(names.map((name) => ({ type: 'function', function: { name } })));
  });

  it.each<[JsonObject, RegExp]>([
    [{ n: 2 }, /^Unsupported parameter n \(2\) for command-a-03-2025 of provider cohere/],
    [{ logprobs: true }, /^Unsupported parameter logprobs/],
    [{ top_p: 'x' }, /^top_p must be a number\.$/],
  ])('are refused by name where Cohere has nothing like them: %j', (parameters, message) => {
    expect(refusalOf(() => bodyOf({ parameters }))).toMatch(message);
  });
});

describe('a structured answer of Cohere', () => {
  const schema = {
    type: 'object',
    properties: { name: { type: 'string', minLength: 2, format: 'email' }, on: { type: 'string', format: 'date' } },
    required: ['name'],
    additionalProperties: false,
  };

  it('is asked for natively, in the keywords that are known', () => {
    expect(bodyOf({ schema })).toMatchObject({
      response_format: {
        type: 'json_object',
        json_schema: {
          type: 'object',
          properties: {
            name: { type: 'string', description: '(minLength: 2) (format: email)' },
            on: { type: 'string', format: 'date' },
          },
          required: ['name'],
        },
      },
      messages: [{ role: 'system', content: 'Answer with JSON.' }, { role: 'user' }],
    });
  });

  it.each<[string, JsonObject]>([
    ['nothing is required', { ...schema, required: [] }],
    [
      'one of several schemas fits',
      { ...schema, properties: { a: { anyOf: [{ type: 'string' }, { type: 'null' }] } } },
    ],
    ['objects are maps', { type: 'object', required: ['a'], additionalProperties: { type: 'string' } }],
    ['a value may be nothing', { ...schema, properties: { name: { type: ['string', 'null'] } } }],
    ['values are numbers of a list', { ...schema, properties: { name: { enum: [1, 2] } } }],
  ])('is asked for as JSON and in words where %s', (_what, other) => {
    const { response_format, messages } = bodyOf({ schema: other });
    expect(response_format).toEqual({ type: 'json_object' });
    expect(JSON.stringify(messages)).toContain('JSON Schema');
  });

  it('is asked for in words alone beside tools, and when it is no object', () => {
    const others: Partial<Asked>[] = [
      { schema, parameters: { tools: [weatherTool] } },
      { schema: { type: 'array', items: { type: 'string' } } },
    ];
    for (const asked of others) {
      const body = bodyOf(asked);
      expect(body).not.toHaveProperty('response_format');
      expect(JSON.stringify(body.messages)).toContain('JSON Schema');
    }
  });

  it('may be asked for in a way of one’s own', () => {
    const by = (structured_output_mode: string) =>
      bodyOf({ schema, parameters: { structured_output_mode } }).response_format;
    expect(by('prompt')).toEqual(undefined);
    expect(by('json_mode')).toEqual({ type: 'json_object' });
    expect(by('json_schema')).toEqual(bodyOf({ schema }).response_format);
  });

  it('may be any object', () => {
    expect(bodyOf({ parameters: { response_format: { type: 'json_object' } } })).toMatchObject({
      response_format: { type: 'json_object' },
      messages: [{ role: 'system', content: expect.stringContaining('one JSON object') }, {}],
    });
  });
});

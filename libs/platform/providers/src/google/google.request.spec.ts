import { describe, expect, it } from '@jest/globals';
import type { Json, JsonObject } from '@headrace/contracts';
import {
  aGenerationRequest,
  refusalOf,
  weatherCall,
  weatherTool,
  type Asked,
} from '../testing/generation-request.fixtures.js';
import { googleRequest } from './google.request.js';

const model = 'gemini-3.7-flash';
const before = 'gemini-2.5-flash';
const bodyOf = (asked: Partial<Asked>): JsonObject => googleRequest(aGenerationRequest('google', { model, ...asked }));

describe('the conversation in Gemini’s terms', () => {
  it('has the system instructions apart, and neighbours of one role together', () => {
    const messages = [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'Hello' },
      { role: 'user', content: 'there' },
      { role: 'assistant', content: 'Hi' },
      { role: 'developer', content: 'In rhyme.' },
    ];
    expect(bodyOf({ messages })).toMatchObject({
      systemInstruction: { parts: [{ text: 'Be brief.' }, { text: 'In rhyme.' }] },
      contents: [
        { role: 'user', parts: [{ text: 'Hello' }, { text: 'there' }] },
        { role: 'model', parts: [{ text: 'Hi' }] },
      ],
    });
  });

  const signed = (thought_signature: string, by: string): JsonObject => ({
    extra_content: { google: { thought_signature, model: by } },
  });
  const toolRound = (...calls: JsonObject[]): JsonObject[] => [
    { role: 'user', content: 'Weather?' },
    { role: 'assistant', content: null, tool_calls: calls },
    { role: 'tool', tool_call_id: 'a', content: '{"sky":"grey"}' },
    { role: 'tool', tool_call_id: 'b', content: 'dry' },
  ];

  it('has calls of tools with their signatures, and their results', () => {
    const messages = toolRound(weatherCall('a', '{"city":"Oslo"}', signed('sig', model)), weatherCall('b', ''));
    expect(bodyOf({ messages }).contents).toEqual([
      { role: 'user', parts: [{ text: 'Weather?' }] },
      {
        role: 'model',
        parts: [
          { functionCall: { id: 'a', name: 'weather', args: { city: 'Oslo' } }, thoughtSignature: 'sig' },
          { functionCall: { id: 'b', name: 'weather', args: {} } },
        ],
      },
      {
        role: 'user',
        parts: [
          { functionResponse: { id: 'a', name: 'weather', response: { sky: 'grey' } } },
          { functionResponse: { id: 'b', name: 'weather', response: { output: 'dry' } } },
        ],
      },
    ]);
  });

  it.each([
    ['is lost', weatherCall('a', '{}')],
    ['is another model’s', weatherCall('a', '{}', signed('sig', 'gemini-4-argon'))],
  ])('says so where a signature %s', (_what, call) => {
    const messages = toolRound(call, weatherCall('b', '{}'));
    const [, called] = bodyOf({ messages }).contents as JsonObject[];
    expect(called?.parts).toMatchObject([{ thoughtSignature: 'skip_thought_signature_validator' }, {}]);
  });

  it('has neither ids nor signatures for models that do not know them', () => {
    const messages = toolRound(weatherCall('a', '{}', signed('sig', before)), weatherCall('b', '{}'));
    const [, called, results] = bodyOf({ model: before, messages }).contents as JsonObject[];
    expect(called?.parts).toEqual(Array(2).fill({ functionCall: { name: 'weather', args: {} } }));
    expect(results?.parts).toMatchObject([{ functionResponse: { name: 'weather', response: { sky: 'grey' } } }, {}]);
    expect(JSON.stringify(results)).not.toContain('"id"');
  });

  it('has images, sounds and documents, by their bytes or their address', () => {
    const content: Json = [
      { type: 'image_url', image_url: { url: 'data:image/png;base64,aGk=' } },
      { type: 'image_url', image_url: { url: 'https://example.com/cat.webp?w=3' } },
      { type: 'image_url', image_url: { url: 'https://example.com/cat' } },
      { type: 'input_audio', input_audio: { data: 'aGk=', format: 'wav' } },
      { type: 'file', file: { file_url: 'https://example.com/a.pdf' } },
    ];
    expect(bodyOf({ messages: [{ role: 'user', content }] }).contents).toMatchObject([
      {
        parts: [
          { inlineData: { mimeType: 'image/png', data: 'aGk=' } },
          { fileData: { mimeType: 'image/webp', fileUri: 'https://example.com/cat.webp?w=3' } },
          { fileData: { mimeType: 'image/jpeg', fileUri: 'https://example.com/cat' } },
          { inlineData: { mimeType: 'audio/wav', data: 'aGk=' } },
          { fileData: { mimeType: 'application/pdf', fileUri: 'https://example.com/a.pdf' } },
        ],
      },
    ]);
  });

  it('needs the call that a result answers', () => {
    const messages = [{ role: 'tool', tool_call_id: 'lost', content: 'x' }];
    expect(refusalOf(() => bodyOf({ messages }))).toBe('messages: no tool call has the id "lost".');
  });
});

describe('the parameters in Gemini’s terms', () => {
  it('have other names', () => {
    const parameters = {
      ...{ max_tokens: 9, temperature: 0.5, top_p: 0.9, top_k: 3, stop: ['A', 'B'], seed: 7 },
      ...{ presence_penalty: 0.1, frequency_penalty: 0.2, user: 'u-1', logit_bias: { 1: 1 } },
      extra_body: { safetySettings: [], generationConfig: { mediaResolution: 'MEDIA_RESOLUTION_LOW' } },
    };
    expect(bodyOf({ parameters })).toEqual({
      safetySettings: [],
      contents: [{ role: 'user', parts: [{ text: 'Hello' }] }],
      generationConfig: {
        ...{ mediaResolution: 'MEDIA_RESOLUTION_LOW', maxOutputTokens: 9, temperature: 0.5, topP: 0.9, topK: 3 },
        ...{ stopSequences: ['A', 'B'], seed: 7, presencePenalty: 0.1, frequencyPenalty: 0.2 },
      },
    });
  });

  it('hold no schema that is too deep to be walked through', () => {
    let schema: JsonObject = {};
    for (let level = 0; level < 20_000; level++) schema = { items: schema };
    const deep = { type: 'function', function: { name: 'deep', parameters: schema } };
    expect(refusalOf(() => bodyOf({ parameters: { tools: [deep] } }))).toBe(
      'tools[0].function.parameters is nested more than 100 levels deep.',
    );
    const response_format = { type: 'json_schema', json_schema: { schema } };
    expect(refusalOf(() => bodyOf({ parameters: { response_format } }))).toMatch(
      /^response_format\.json_schema\.schema/,
    );
  });

  it.each<[string, Json, JsonObject | undefined]>([
    [model, 'none', { thinkingLevel: 'minimal' }],
    ['gemini-3.1-pro-preview', 'none', { thinkingLevel: 'low' }],
    ['gemini-3-pro-preview', 'medium', { thinkingLevel: 'high' }],
    [model, 'medium', { thinkingLevel: 'medium' }],
    ['gemini-flash-latest', 'max', { thinkingLevel: 'high' }],
    [before, 'none', { thinkingBudget: 0 }],
    ['gemini-2.5-pro', 'none', { thinkingBudget: 128 }],
    [before, 'high', { thinkingBudget: 24_576 }],
    ['gemini-2.0-flash', 'high', undefined],
  ])('of thinking depend on the model: %s at %s', (name, reasoning_effort, thinkingConfig) => {
    const { generationConfig } = bodyOf({ model: name, parameters: { reasoning_effort } });
    expect(generationConfig).toEqual(thinkingConfig ? { thinkingConfig } : {});
  });

  it.each<[Json, JsonObject]>([
    ['auto', { mode: 'AUTO' }],
    ['none', { mode: 'NONE' }],
    ['required', { mode: 'ANY' }],
    [
      { type: 'function', function: { name: 'weather' } },
      { mode: 'ANY', allowedFunctionNames: ['weather'] },
    ],
  ])('have tools, and the choice among them: %j', (tool_choice, functionCallingConfig) => {
    expect(bodyOf({ parameters: { tools: [weatherTool], tool_choice } })).toMatchObject({
      tools: [
        {
          functionDeclarations: [
            {
              name: 'weather',
              description: 'Tells it',
              parametersJsonSchema: { type: 'object', properties: { city: { type: 'string' } } },
            },
          ],
        },
      ],
      toolConfig: { functionCallingConfig },
    });
  });

  it.each<[JsonObject, RegExp]>([
    [{ n: 2 }, /^Unsupported parameter n \(2\) for gemini-3\.7-flash of provider google/],
    [{ top_logprobs: 3 }, /^Unsupported parameter top_logprobs/],
    [{ seed: 'x' }, /^seed must be a number\.$/],
  ])('are refused by name where Gemini has nothing like them: %j', (parameters, message) => {
    expect(refusalOf(() => bodyOf({ parameters }))).toMatch(message);
  });
});

describe('a structured answer of Gemini', () => {
  const schema = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    type: 'object',
    properties: {
      name: { type: 'string', minLength: 2, format: 'email' },
      kind: { const: 'card' },
      level: { enum: ['a', null], description: 'How much' },
      part: { $ref: '#/definitions/part', description: 'a part' },
    },
    required: ['name'],
    definitions: { part: { type: 'integer', exclusiveMinimum: 0 } },
    additionalProperties: false,
  };
  const native = {
    type: 'object',
    properties: {
      name: { type: 'string', description: '(minLength: 2) (format: email)' },
      kind: { enum: ['card'] },
      level: { enum: ['a'], description: 'How much (one of ["a",null])' },
      part: { $ref: '#/$defs/part' },
    },
    required: ['name'],
    $defs: { part: { type: 'integer', description: '(exclusiveMinimum: 0)' } },
    additionalProperties: false,
  };

  it('is asked for natively, in the keywords that are known', () => {
    expect(bodyOf({ schema }).generationConfig).toEqual({
      responseMimeType: 'application/json',
      responseJsonSchema: native,
    });
  });

  it('is asked for beside tools, unless one must be called', () => {
    const tools = [weatherTool];
    expect(bodyOf({ schema, parameters: { tools } })).toMatchObject({
      generationConfig: { responseJsonSchema: native },
    });
    const others: Partial<Asked>[] = [
      { parameters: { tools, tool_choice: 'required' } },
      { model: before, parameters: { tools } },
    ];
    for (const asked of others) {
      const { generationConfig, systemInstruction } = bodyOf({ schema, ...asked });
      expect(generationConfig).toEqual({});
      expect(JSON.stringify(systemInstruction)).toContain('JSON Schema');
    }
  });

  it('is asked for as JSON and in words where schemas are not known', () => {
    const { generationConfig, systemInstruction } = bodyOf({ model: 'gemini-2.0-flash', schema });
    expect(generationConfig).toEqual({ responseMimeType: 'application/json' });
    expect(JSON.stringify(systemInstruction)).toContain('JSON Schema');
  });

  it.each<[string, JsonObject]>([
    [
      'leads back to itself',
      { type: 'object', properties: { next: { $ref: '#/$defs/a' } }, $defs: { a: { items: { $ref: '#/$defs/a' } } } },
    ],
    ['leads to no definition', { type: 'object', properties: { a: { $ref: '#/properties/b' }, b: {} } }],
  ])('is asked for as JSON and in words where a reference %s', (_what, other) => {
    expect(bodyOf({ schema: other }).generationConfig).toEqual({ responseMimeType: 'application/json' });
  });

  it('is looked through once, however often its parts refer to each other', () => {
    const twice = (index: number) => ({
      type: 'object',
      properties: { a: { $ref: `#/$defs/d${index}` }, b: { $ref: `#/$defs/d${index}` } },
    });
    const $defs: JsonObject = { d60: { type: 'string' } };
    for (let index = 0; index < 60; index++) $defs[`d${index}`] = twice(index + 1);
    expect(bodyOf({ schema: { ...twice(0), $defs } })).toHaveProperty('generationConfig.responseJsonSchema');
  });

  it('may be asked for in a way of one’s own', () => {
    const by = (structured_output_mode: string) =>
      bodyOf({ schema, parameters: { structured_output_mode } }).generationConfig;
    expect(by('prompt')).toEqual({});
    expect(by('json_mode')).toEqual({ responseMimeType: 'application/json' });
    expect(by('json_schema')).toEqual(bodyOf({ schema }).generationConfig);
  });

  it('may be any object', () => {
    expect(bodyOf({ parameters: { response_format: { type: 'json_object' } } })).toMatchObject({
      generationConfig: { responseMimeType: 'application/json' },
      systemInstruction: { parts: [{ text: expect.stringContaining('one JSON object') }] },
    });
  });
});

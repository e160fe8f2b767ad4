import { describe, expect, it } from '@jest/globals';
import type { Json, JsonObject } from '@headrace/contracts';
import { wantedFormat } from '../chat/wanted-format.js';
import {
  aGenerationRequest,
  refusalOf,
  weatherCall,
  weatherTool,
  type Asked,
} from '../testing/generation-request.fixtures.js';
import { answerForm } from './answer-form.js';
import { anthropicRequest } from './anthropic.request.js';

const newest = 'claude-sonnet-5-5';
const older = 'claude-sonnet-4-5';
const old = 'claude-3-7-sonnet-latest';

/** The body that is sent for a request. */
function bodyOf(asked: Partial<Asked>): JsonObject {
  const request = aGenerationRequest('anthropic', { model: older, ...asked });
  return anthropicRequest(request, answerForm(wantedFormat(request), request.model), false);
}

describe('the conversation in Anthropic’s terms', () => {
  it('has the system instructions apart, wherever they stood', () => {
    const messages: JsonObject[] = [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'Hello' },
      { role: 'developer', content: [{ type: 'text', text: 'In rhyme.', cache_control: { type: 'ephemeral' } }] },
    ];
    expect(bodyOf({ messages })).toMatchObject({
      system: [
        { type: 'text', text: 'Be brief.' },
        { type: 'text', text: 'In rhyme.', cache_control: { type: 'ephemeral' } },
      ],
      messages: [{ role: 'user', content: [{ type: 'text', text: 'Hello' }] }],
    });
  });

  it.each([
    ['{"a":', [{ type: 'text', text: '{"a":' }]],
    ['{"a": \n', [{ type: 'text', text: '{"a":' }]],
    [' ', undefined],
  ])('has the beginning of an answer without the white space at its end: %j', (content, blocks) => {
    const [, begun] = bodyOf({
      messages: [
        { role: 'user', content: 'Hi' },
        { role: 'assistant', content },
      ],
    }).messages as JsonObject[];
    expect(begun?.content).toEqual(blocks);
  });

  it('has calls of tools as blocks, and all results in one message of the user', () => {
    const messages: JsonObject[] = [
      { role: 'user', content: 'Weather?' },
      {
        role: 'assistant',
        content: null,
        tool_calls: [weatherCall('functions.weather:0', '{"city":"Oslo"}'), weatherCall('b', '')],
      },
      { role: 'tool', tool_call_id: 'functions.weather:0', content: 'rain' },
      { role: 'tool', tool_call_id: 'b', content: [{ type: 'text', text: 'sun' }] },
      { role: 'user', content: 'And?' },
    ];
    expect(bodyOf({ messages }).messages).toEqual([
      { role: 'user', content: [{ type: 'text', text: 'Weather?' }] },
      {
        role: 'assistant',
        content: [
          { type: 'tool_use', id: 'functions_weather_0', name: 'weather', input: { city: 'Oslo' } },
          { type: 'tool_use', id: 'b', name: 'weather', input: {} },
        ],
      },
      {
        role: 'user',
        content: [
          { type: 'tool_result', tool_use_id: 'functions_weather_0', content: [{ type: 'text', text: 'rain' }] },
          { type: 'tool_result', tool_use_id: 'b', content: [{ type: 'text', text: 'sun' }] },
          { type: 'text', text: 'And?' },
        ],
      },
    ]);
  });

  it('has images and documents, by their bytes or their address', () => {
    const content: Json = [
      { type: 'text', text: 'What is this?' },
      { type: 'image_url', image_url: { url: 'data:image/png;base64,aGk=' } },
      { type: 'image_url', image_url: { url: 'https://example.com/cat.jpg', detail: 'low' } },
      { type: 'file', file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,aGk=' } },
      { type: 'file', file: { file_data: 'data:text/plain;base64,aGk=' } },
    ];
    expect(bodyOf({ messages: [{ role: 'user', content }] }).messages).toEqual([
      {
        role: 'user',
        content: [
          { type: 'text', text: 'What is this?' },
          { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'aGk=' } },
          { type: 'image', source: { type: 'url', url: 'https://example.com/cat.jpg' } },
          {
            type: 'document',
            source: { type: 'base64', media_type: 'application/pdf', data: 'aGk=' },
            title: 'a.pdf',
          },
          { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'hi' } },
        ],
      },
    ]);
  });

  it.each<[string, Json, RegExp]>([
    [
      'audio',
      [{ type: 'input_audio', input_audio: { data: 'aGk=', format: 'wav' } }],
      /content\[0\]\.input_audio: .*audio/,
    ],
    ['a part of no known kind', [{ type: 'video' }], /^messages\[0\]\.content\[0\]\.type must be one of/],
    ['a file at another provider', [{ type: 'file', file: { file_id: 'file-1' } }], /file_id names a file at another/],
    ['a number', 5, /^messages\[0\]\.content must be a text/],
  ])('has no place for %s', (_what, content, message) => {
    expect(refusalOf(() => bodyOf({ messages: [{ role: 'user', content }] }))).toMatch(message);
  });

  it('gives a model its own thoughts back, and no other', () => {
    const thinking_blocks = [{ type: 'thinking', thinking: 'hm', signature: 'sig' }];
    const messages = (thinking_model: string): JsonObject[] => [
      { role: 'user', content: 'Hello' },
      { role: 'assistant', content: 'Hi', thinking_blocks, thinking_model },
      { role: 'user', content: 'Again' },
    ];
    const own = bodyOf({ messages: messages('claude-sonnet-4-5-20250929') }).messages as JsonObject[];
    expect(own[1]?.content).toEqual([...thinking_blocks, { type: 'text', text: 'Hi' }]);
    const others = bodyOf({ messages: messages('claude-opus-4-5') }).messages as JsonObject[];
    expect(others[1]?.content).toEqual([{ type: 'text', text: 'Hi' }]);
  });
});

describe('the parameters in Anthropic’s terms', () => {
  it('have other names', () => {
    const parameters = { max_completion_tokens: 9, temperature: 0.5, top_k: 3, stop: 'END', user: 'u-1', seed: 1 };
    expect(bodyOf({ parameters })).toMatchObject({
      ...{ model: older, max_tokens: 9, temperature: 0.5, top_k: 3, stop_sequences: ['END'] },
      ...{ metadata: { user_id: 'u-1' }, stream: false },
    });
  });

  it.each([
    [newest, { temperature: 0.5, top_p: 0.9, top_k: 3 }, {}],
    [older, { temperature: 0.5, top_p: 0.9 }, { temperature: 0.5 }],
    [older, { top_p: 0.9 }, { top_p: 0.9 }],
    [old, { temperature: 0.5, top_p: 0.9 }, { temperature: 0.5, top_p: 0.9 }],
    [old, { temperature: 1.5 }, {}],
  ])('of sampling depend on the model: %s takes of %j', (model, parameters, sent) => {
    const { temperature, top_p, top_k } = bodyOf({ model, parameters });
    expect(JSON.parse(JSON.stringify({ temperature, top_p, top_k }))).toEqual(sent);
  });

  it.each<[string, Json, JsonObject]>([
    [newest, 'none', { thinking: { type: 'between_tools' } }],
    ['claude-haiku-5-5', 'none', { thinking: { type: 'disabled' } }],
    ['claude-opus-5', 'none', { thinking: { type: 'disabled' } }],
    ['claude-opus-5-5', 'none', { output_config: { effort: 'low' } }],
    ['anthropic.claude-fable-5-v1:0', 'none', { output_config: { effort: 'low' } }],
    ['claude-opus-4-8', 'none', {}],
    [newest, 'xhigh', { thinking: { type: 'adaptive' }, output_config: { effort: 'xhigh' } }],
    ['claude-opus-4-6', 'xhigh', { thinking: { type: 'adaptive' }, output_config: { effort: 'high' } }],
    [newest, 'minimal', { thinking: { type: 'adaptive' }, output_config: { effort: 'low' } }],
    [older, 'medium', { thinking: { type: 'enabled', budget_tokens: 8_192 } }],
  ])('of thinking depend on the model: %s at %s', (model, reasoning_effort, sent) => {
    const { thinking, output_config } = bodyOf({ model, parameters: { reasoning_effort } });
    expect(JSON.parse(JSON.stringify({ thinking, output_config }))).toEqual(sent);
  });

  it('give a model with a budget no sampling, and no thoughts where the last ones are missing', () => {
    const parameters = { reasoning_effort: 'low', temperature: 0.5, tools: [weatherTool] };
    const sent = bodyOf({ parameters });
    expect(sent).toMatchObject({ thinking: { type: 'enabled' } });
    expect(sent).not.toHaveProperty('temperature');
    const messages: JsonObject[] = [
      { role: 'user', content: 'Weather?' },
      {
        role: 'assistant',
        content: null,
        tool_calls: [weatherCall('a', '{}')],
      },
      { role: 'tool', tool_call_id: 'a', content: 'rain' },
    ];
    expect(bodyOf({ parameters, messages })).not.toHaveProperty('thinking');
  });

  it.each<[Json, JsonObject | undefined]>([
    ['auto', { type: 'auto' }],
    ['none', { type: 'none' }],
    ['required', { type: 'any' }],
    [
      { type: 'function', function: { name: 'weather' } },
      { type: 'tool', name: 'weather' },
    ],
  ])('have tools, and the choice among them: %j', (tool_choice, native) => {
    expect(bodyOf({ parameters: { tools: [weatherTool], tool_choice } })).toMatchObject({
      tools: [
        {
          name: 'weather',
          description: 'Tells it',
          input_schema: { type: 'object', properties: { city: { type: 'string' } } },
        },
      ],
      tool_choice: native,
    });
  });

  it('let tools be called one at a time', () => {
    expect(bodyOf({ parameters: { tools: [weatherTool], parallel_tool_calls: false } })).toMatchObject({
      tool_choice: { type: 'auto', disable_parallel_tool_use: true },
    });
  });

  it.each<[string, JsonObject, RegExp]>([
    [
      newest,
      { tools: [weatherTool], tool_choice: 'required' },
      /^Unsupported parameter tool_choice \("required"\) for claude/,
    ],
    [older, { n: 2 }, /^Unsupported parameter n \(2\)/],
    [older, { logprobs: true }, /^Unsupported parameter logprobs/],
    [older, { temperature: 'hot' }, /^temperature must be a number\.$/],
    [older, { stop: [1] }, /^stop must be/],
    [older, { reasoning_effort: 'much' }, /^reasoning_effort must be one of none, /],
    [older, { tools: {} }, /^tools must be a list\.$/],
    [older, { tools: [{ type: 'web_search' }] }, /^tools\[0\]\.type must be "function"/],
    [
      older,
      { tools: [weatherTool], tool_choice: { type: 'function', function: { name: 'x' } } },
      /"x", which is not in/,
    ],
  ])('are refused by name where %s has nothing like them: %j', (model, parameters, message) => {
    expect(refusalOf(() => bodyOf({ model, parameters }))).toMatch(message);
  });
});

import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '@headrace/contracts';
import { sendableParameters } from './native-parameters.js';
import { unsupportedParameters } from './unsupported-parameters.js';

const claude = 'claude-sonnet-4-5';

describe('the parameters that a provider does not take', () => {
  it.each<[string, string, JsonObject, string[]]>([
    ['anthropic', claude, { temperature: 1, max_tokens: 9, stop: 'x', tools: [], thinking: {} }, []],
    [
      'anthropic',
      claude,
      { temperature: 1.1, seed: 1, logit_bias: {}, presence_penalty: 0.5 },
      ['temperature', 'seed', 'logit_bias', 'presence_penalty'],
    ],
    ['anthropic', 'claude-opus-4-7', { temperature: 1, top_p: 1, top_k: 1 }, ['temperature', 'top_p', 'top_k']],
    ['anthropic', 'claude-opus-5-5', { tool_choice: 'required' }, ['tool_choice']],
    ['anthropic', 'claude-opus-5', { tool_choice: 'required' }, []],
    ['anthropic', 'claude-opus-5-5', { tool_choice: 'auto' }, []],
    [
      'google',
      'gemini-3.7-flash',
      { seed: 1, presence_penalty: 1, parallel_tool_calls: false },
      ['parallel_tool_calls'],
    ],
    ['google', 'gemini-2.0-flash', { reasoning_effort: 'low' }, ['reasoning_effort']],
    [
      'cohere',
      'command-a-03-2025',
      { reasoning_effort: 'low', top_k: 1, verbosity: 'low' },
      ['reasoning_effort', 'verbosity'],
    ],
    ['cohere', 'command-a-reasoning-08-2025', { reasoning_effort: 'low' }, []],
    ['my-server', 'any', { seed: 1, mirostat: 2 }, []],
  ])('are told before a call is made: %s %s %j', (provider, model, parameters, unsupported) => {
    expect(unsupportedParameters(provider, model, parameters)).toEqual(unsupported);
  });

  it.each(['anthropic', 'google', 'cohere'])('do not include what asks %s for nothing', (provider) => {
    const parameters = {
      ...{ n: 1, logprobs: false, top_logprobs: 0, presence_penalty: 0, frequency_penalty: 0, logit_bias: null },
      ...{ parallel_tool_calls: true, modalities: ['text'], stream: true, stream_options: {}, user: 'u', store: false },
      ...{ metadata: {}, response_format: { type: 'text' }, structured_output_mode: 'prompt', prompt_cache_key: 'k' },
    };
    expect(unsupportedParameters(provider, claude, parameters)).toEqual([]);
  });

  it('are left out of the call', () => {
    expect(sendableParameters('anthropic', claude, { seed: 1, max_tokens: 9 })).toEqual({ max_tokens: 9 });
  });

  it.each<JsonObject>([
    { n: 2 },
    { logprobs: true },
    { functions: [] },
    { audio: {} },
    { modalities: ['text', 'audio'] },
  ])('are refused when the answer would be another without them: %j', (parameters) => {
    const [name] = Object.keys(parameters);
    expect(() => sendableParameters('google', 'gemini-3.7-flash', parameters)).toThrow(
      `Unsupported parameter ${name} (${JSON.stringify(Object.values(parameters)[0])}) for gemini-3.7-flash of provider google`,
    );
  });
});

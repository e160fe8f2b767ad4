import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '@headrace/contracts';
import type { GenerationRequest } from '../ai-provider.js';
import { SchemaCompiler } from '../schema/schema-compiler.js';
import { AnswerTool } from './answer-tool.js';
import { chatCompletionRequest } from './chat-completion.request.js';
import { usableAccess } from './openai-compatible.provider.js';
import { anyAddressPreset, providerPresets, type ProviderPreset } from './provider-presets.js';
import { structuredWay } from './structured-way.js';

const closed = { type: 'object', properties: {}, required: [], additionalProperties: false };
const tools = [{ type: 'function', function: { name: 'time' } }];

interface Asked {
  readonly model?: string;
  readonly parameters?: JsonObject;
  readonly schema?: JsonObject;
  readonly isStreamed?: boolean;
}

const presetOf = (provider: string): ProviderPreset => providerPresets[provider] ?? anyAddressPreset;

/** What is sent to a provider, without the conversation. */
function sentTo(provider: string, { model = 'm', parameters = {}, schema, isStreamed = false }: Asked) {
  const request: GenerationRequest = {
    ...{ provider, model, parameters, messages: [{ role: 'user', content: 'Hello' }] },
    ...{ access: null, workflow: 'demo', metadata: {} },
    structuredOutput: schema ? { name: 'card', schema: new SchemaCompiler().compile(schema) } : null,
  };
  const preset = presetOf(provider);
  const structuredBy = structuredWay(request, preset, isStreamed);
  const tool = structuredBy === 'tool' && schema ? new AnswerTool(schema) : null;
  const { messages, ...body } = chatCompletionRequest(request, preset, { isStreamed, structuredBy, tool });
  return { body, messages: messages as JsonObject[], structuredBy };
}

describe('the limit of tokens', () => {
  it.each([
    ['openai', 'gpt-4o', 'max_tokens', 'max_tokens'],
    ['openai', 'gpt-4o', 'max_completion_tokens', 'max_completion_tokens'],
    ['openai', 'o3-mini', 'max_tokens', 'max_completion_tokens'],
    ['openai', 'gpt-5.1', 'max_tokens', 'max_completion_tokens'],
    ['mistral', 'mistral-large-latest', 'max_completion_tokens', 'max_tokens'],
    ['xai', 'grok-4.3', 'max_completion_tokens', 'max_completion_tokens'],
    ['openrouter', 'openai/gpt-5', 'max_tokens', 'max_tokens'],
    ['groq', 'openai/gpt-oss-120b', 'max_completion_tokens', 'max_completion_tokens'],
    ['deepseek', 'deepseek-chat', 'max_completion_tokens', 'max_tokens'],
    ['together', 'meta-llama/Llama-3', 'max_completion_tokens', 'max_tokens'],
    ['ollama', 'qwen3', 'max_completion_tokens', 'max_tokens'],
    ['llamacpp', 'any', 'max_completion_tokens', 'max_tokens'],
    ['my-server', 'any', 'max_tokens', 'max_tokens'],
  ])('for %s and %s, %s is called %s', (provider, model, given, expected) => {
    expect(sentTo(provider, { model, parameters: { [given]: 9 } }).body).toMatchObject({ [expected]: 9 });
  });
});

describe('the usage of a stream', () => {
  it.each([
    ['openai', true],
    ['mistral', false],
    ['xai', true],
    ['openrouter', true],
    ['groq', true],
    ['deepseek', true],
    ['together', true],
    ['perplexity', false],
    ['ollama', true],
    ['my-server', true],
  ])('is asked for at %s: %s', (provider, isAsked) => {
    const { body } = sentTo(provider, { isStreamed: true });
    expect(body.stream_options).toEqual(isAsked ? { include_usage: true } : undefined);
    expect(sentTo(provider, {}).body).not.toHaveProperty('stream_options');
  });
});

describe('parameters that a provider refuses', () => {
  it.each([
    ['openai', 'gpt-5-mini', 'temperature', false],
    ['openai', 'gpt-5-chat-latest', 'temperature', true],
    ['openai', 'gpt-4o', 'temperature', true],
    ['xai', 'grok-4', 'reasoning_effort', false],
    ['xai', 'grok-4-fast-reasoning', 'reasoning_effort', false],
    ['xai', 'grok-4.20-reasoning', 'reasoning_effort', false],
    ['xai', 'grok-4.3', 'reasoning_effort', true],
    ['xai', 'grok-4.3', 'presence_penalty', false],
    ['mistral', 'mistral-large-latest', 'logit_bias', false],
    ['groq', 'llama-3.3-70b-versatile', 'logprobs', false],
  ])('are left out (%s, %s, %s kept: %s)', (provider, model, name, isKept) => {
    const { body } = sentTo(provider, { model, parameters: { [name]: 1 } });
    expect(Object.hasOwn(body, name)).toBe(isKept);
  });

  it('have other names at Mistral', () => {
    expect(sentTo('mistral', { parameters: { seed: 7 } }).body).toMatchObject({ random_seed: 7 });
  });
});

describe('a schema', () => {
  it.each<[string, Asked, string]>([
    ['openai', {}, 'json_schema'],
    ['mistral', {}, 'json_schema'],
    ['xai', {}, 'json_schema'],
    ['openrouter', {}, 'json_schema'],
    ['together', {}, 'json_schema'],
    ['deepseek', {}, 'json_mode'],
    ['groq', { model: 'openai/gpt-oss-20b' }, 'json_schema'],
    ['groq', { model: 'openai/gpt-oss-20b', isStreamed: true }, 'prompt'],
    ['groq', { model: 'openai/gpt-oss-20b', parameters: { tools } }, 'prompt'],
    ['groq', { model: 'llama-3.3-70b-versatile' }, 'json_mode'],
    ['ollama', {}, 'json_schema'],
    ['vllm', {}, 'json_schema'],
    ['llamacpp', {}, 'json_schema'],
    ['my-server', {}, 'json_schema'],
    ['my-server', { parameters: { structured_output_mode: 'tool' } }, 'tool'],
    ['my-server', { parameters: { structured_output_mode: 'prompt' } }, 'prompt'],
    ['openai', { parameters: { structured_output_mode: 'json_mode' } }, 'json_mode'],
  ])('is asked for at %s with %j by %s', (provider, asked, way) => {
    const { structuredBy, body } = sentTo(provider, { ...asked, schema: closed });
    expect(structuredBy).toBe(way);
    expect(body).not.toHaveProperty('structured_output_mode');
  });

  it.each([
    ['openai', 'gpt-4o', true],
    ['openrouter', 'openai/gpt-4o', true],
    ['openrouter', 'meta-llama/llama-4', false],
    ['groq', 'openai/gpt-oss-20b', true],
    ['groq', 'meta-llama/llama-4-scout', false],
    ['mistral', 'mistral-large-latest', false],
    ['my-server', 'any', false],
  ])('is strict at %s for %s: %s', (provider, model, isStrict) => {
    const named = { name: 'card', schema: closed, ...(isStrict ? { strict: true } : {}) };
    const { body } = sentTo(provider, { model, schema: closed });
    expect(body.response_format).toEqual({ type: 'json_schema', json_schema: named });
    expect(sentTo(provider, { model, schema: { type: 'object' } }).body.response_format).toEqual({
      ...{ type: 'json_schema', json_schema: { name: 'card', schema: { type: 'object' } } },
    });
  });

  it('stands in the prompt where the mode is JSON or nothing', () => {
    const mode = sentTo('deepseek', { schema: closed });
    expect(mode.body.response_format).toEqual({ type: 'json_object' });
    const prompt = sentTo('deepseek', { schema: closed, parameters: { structured_output_mode: 'prompt' } });
    expect(prompt.body).not.toHaveProperty('response_format');
    for (const { messages } of [mode, prompt]) {
      expect(messages).toHaveLength(2);
      expect(messages[0]?.content).toContain(JSON.stringify(closed));
    }
    const list = sentTo('deepseek', { schema: { type: 'array' } });
    expect(list.body).not.toHaveProperty('response_format');
  });

  it("replaces the parameters' own response_format", () => {
    const parameters = { response_format: { type: 'text' }, structured_output_mode: 'prompt' };
    expect(sentTo('openai', { schema: closed, parameters }).body).not.toHaveProperty('response_format');
    expect(sentTo('openai', { parameters: { response_format: { type: 'json_object' } } }).body).toMatchObject({
      response_format: { type: 'json_object' },
    });
  });

  it('is refused with a mode that there is not', () => {
    const parameters = { structured_output_mode: 'yaml' };
    expect(() => sentTo('openai', { schema: closed, parameters })).toThrow(
      'structured_output_mode must be one of json_schema, json_mode, tool, prompt.',
    );
  });
});

describe('access', () => {
  it.each(['ollama', 'vllm', 'llamacpp', 'lmstudio'])('to %s needs nothing', (provider) => {
    const { apiKey, baseUrl } = usableAccess(null, presetOf(provider));
    expect(apiKey).toBeNull();
    expect(baseUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/v1$/);
  });

  it.each(['openai', 'mistral', 'xai', 'openrouter', 'groq', 'deepseek', 'together', 'fireworks', 'perplexity'])(
    'to %s needs a key',
    (provider) => {
      expect(() => usableAccess(null, presetOf(provider))).toThrow('Provider credentials not configured');
      expect(usableAccess({ apiKey: 'k', baseUrl: null }, presetOf(provider)).baseUrl).toMatch(/^https:/);
    },
  );

  it('to any other address needs a base URL', () => {
    expect(() => usableAccess({ apiKey: 'k', baseUrl: null }, anyAddressPreset)).toThrow();
    expect(usableAccess({ apiKey: null, baseUrl: 'http://h/v1' }, anyAddressPreset).apiKey).toBeNull();
  });
});

import type { JsonObject } from '@headrace/contracts';
import { OpenAiCompatibleProvider } from '../openai-compatible/openai-compatible.provider.js';
import { anyAddressPreset } from '../openai-compatible/provider-presets.js';
import { aChunk, sseData, sseDone } from './openai-stream.fixtures.js';
import { aChatCompletion, openAiWire } from './openai-wire.fixtures.js';
import { jsonAnswer, type ProviderWire } from './provider-wire.js';

const call = (id: string, name: string, input: string): JsonObject => ({
  id,
  type: 'function',
  function: { name, arguments: input },
});
const piece = (index: number, more: JsonObject): string => sseData(aChunk({ tool_calls: [{ index, ...more }] }));
const first = aChunk({ role: 'assistant', content: '', refusal: null });
const end = (reason: string): string[] => [
  sseData(aChunk({}, { finish_reason: reason })),
  sseData(aChunk({}, {}, { choices: [], usage: aChatCompletion().usage ?? null })),
  sseDone,
];

/** Chat completions as OpenAI's API and those that are compatible with it write them. */
export const openAiProviderWire: ProviderWire = {
  provider: (remote) => new OpenAiCompatibleProvider(remote, { ...anyAddressPreset, needsKey: true }),
  request: { provider: 'openai', model: 'gpt-4o' },
  paths: { whole: '/chat/completions', stream: '/chat/completions' },
  key: (apiKey) => ['authorization', `Bearer ${apiKey}`],
  whole: {
    text: (content) => openAiWire.text(content),
    cut: (content) => openAiWire.completion(aChatCompletion({ content }, { finish_reason: 'length' })),
    toolCalls: () =>
      openAiWire.completion(
        aChatCompletion(
          {
            content: null,
            tool_calls: [call('call_a', 'weather', '{"city":"Oslo"}'), call('call_b', 'time', '{}')],
          },
          { finish_reason: 'tool_calls' },
        ),
      ),
    withheld: [
      ['a refusal', openAiWire.refusal(), 'refused'],
      ['a content filter', openAiWire.contentFilter(), 'content_filtered'],
    ],
    rateLimit: (seconds) => openAiWire.rateLimit(String(seconds)),
    errors: [
      {
        name: 'an error of the server',
        answer: openAiWire.serverError(),
        code: 'provider_failed',
        retryable: true,
      },
      {
        name: 'a conversation that is too long',
        answer: jsonAnswer(400, {
          error: {
            message: "This model's maximum context length is 128000 tokens. However, your messages resulted in 130000.",
            type: 'invalid_request_error',
            param: 'messages',
            code: 'context_length_exceeded',
          },
        }),
        code: 'invalid_request',
        retryable: false,
      },
      {
        name: 'a model that is not there',
        answer: openAiWire.unknownModel(),
        code: 'invalid_request',
        retryable: false,
      },
    ],
    badKey: (key) => openAiWire.badKey(key),
  },
  stream: {
    start: [sseData(first)],
    text: (content) => sseData(aChunk({ content })),
    end: end('stop'),
    toolCalls: [
      sseData(aChunk({ role: 'assistant', content: null })),
      piece(0, call('call_a', 'weather', '')),
      piece(0, { function: { arguments: '{"ci' } }),
      piece(0, { function: { arguments: 'ty":"Oslo"}' } }),
      piece(1, call('call_b', 'time', '')),
      piece(1, { function: { arguments: '{}' } }),
      ...end('tool_calls'),
    ],
    withheld: [
      ['a refusal', [sseData(first), sseData(aChunk({ refusal: 'I can’t help.' })), ...end('stop')], 'refused'],
      ['a content filter', [sseData(first), ...end('content_filter')], 'content_filtered'],
    ],
    error: (message) => ({ event: sseData({ error: { code: 502, message } }), code: 'provider_failed' }),
  },
};

import type { JsonObject } from '@headrace/contracts';
import type { ReceiverAnswer } from '@headrace/testing';
import { AnthropicProvider } from '../anthropic/anthropic.provider.js';
import { jsonAnswer, typedEvent, type ProviderWire } from './provider-wire.js';

const model = 'claude-sonnet-4-5-20250929';
const usage = (output: number): JsonObject => ({
  input_tokens: 12,
  cache_creation_input_tokens: 3,
  cache_read_input_tokens: 4,
  cache_creation: { ephemeral_5m_input_tokens: 3, ephemeral_1h_input_tokens: 0 },
  output_tokens: output,
  service_tier: 'standard',
  inference_geo: 'not_available',
});

/** A Message as Anthropic's API writes it. */
export const aClaudeMessage = (content: JsonObject[], more: JsonObject = {}): JsonObject => ({
  model,
  id: 'msg_01XkFk2zVnA7Pq9R4sT6uVwX',
  type: 'message',
  role: 'assistant',
  content,
  stop_reason: 'end_turn',
  stop_sequence: null,
  stop_details: null,
  usage: usage(10),
  ...more,
});

const textBlock = (text: string): JsonObject => ({ type: 'text', text });
const refusal = {
  stop_reason: 'refusal',
  stop_details: { type: 'refusal', category: 'cyber', explanation: 'It was blocked under the usage policy.' },
};

const error = (status: number, type: string, message: string, headers: Record<string, string> = {}): ReceiverAnswer =>
  jsonAnswer(
    status,
    { type: 'error', error: { type, message }, request_id: 'req_011CSHoEeqs5C35K2UUqR7Fy' },
    { 'request-id': 'req_011CSHoEeqs5C35K2UUqR7Fy', ...headers },
  );

/** Whole answers of Anthropic's API. */
export const anthropicWire = {
  message: (content: JsonObject[], more: JsonObject = {}): ReceiverAnswer =>
    jsonAnswer(200, aClaudeMessage(content, more)),
  toolUse: (name: string, input: JsonObject): ReceiverAnswer =>
    anthropicWire.message([{ type: 'tool_use', id: 'toolu_01A', name, input }], { stop_reason: 'tool_use' }),
  error,
};

const start = (content: JsonObject): string =>
  typedEvent({ type: 'content_block_start', index: 0, content_block: content });
const delta = (index: number, piece: JsonObject): string =>
  typedEvent({ type: 'content_block_delta', index, delta: piece });
const stop = (index: number): string => typedEvent({ type: 'content_block_stop', index });
const end = (more: JsonObject): string[] => [
  typedEvent({
    type: 'message_delta',
    delta: { stop_sequence: null, stop_details: null, ...more },
    usage: { input_tokens: 12, cache_creation_input_tokens: 3, cache_read_input_tokens: 4, output_tokens: 10 },
  }),
  typedEvent({ type: 'message_stop' }),
];
const begin = typedEvent({
  type: 'message_start',
  message: aClaudeMessage([], { stop_reason: null, usage: usage(1) }),
});
const ping = typedEvent({ type: 'ping' });

/** Events of Anthropic's streams. */
export const anthropicEvents = { begin, ping, start, delta, stop, end };

const call = (index: number, id: string, name: string, ...pieces: string[]): string[] => [
  typedEvent({ type: 'content_block_start', index, content_block: { type: 'tool_use', id, name, input: {} } }),
  ...pieces.map((piece) => delta(index, { type: 'input_json_delta', partial_json: piece })),
  stop(index),
];

/** Anthropic's Messages API. */
export const anthropicProviderWire: ProviderWire = {
  provider: (remote) => new AnthropicProvider(remote),
  request: { provider: 'anthropic', model: 'claude-sonnet-4-5' },
  paths: { whole: '/messages', stream: '/messages' },
  key: (apiKey) => ['x-api-key', apiKey],
  whole: {
    text: (content) => anthropicWire.message([textBlock(content)]),
    cut: (content) => anthropicWire.message([textBlock(content)], { stop_reason: 'max_tokens' }),
    toolCalls: () =>
      anthropicWire.message(
        [
          textBlock('Let me look.'),
          { type: 'tool_use', id: 'toolu_01A', name: 'weather', input: { city: 'Oslo' } },
          { type: 'tool_use', id: 'toolu_01B', name: 'time', input: {} },
        ],
        { stop_reason: 'tool_use' },
      ),
    withheld: [['a refusal', anthropicWire.message([], refusal), 'refused']],
    rateLimit: (seconds) =>
      error(429, 'rate_limit_error', 'This request would exceed your organization’s rate limit.', {
        'retry-after': String(seconds),
      }),
    errors: [
      {
        name: 'an overload',
        answer: error(529, 'overloaded_error', 'Overloaded'),
        code: 'provider_failed',
        retryable: true,
      },
      {
        name: 'an error of the server',
        answer: error(500, 'api_error', 'Internal server error'),
        code: 'provider_failed',
        retryable: true,
      },
      {
        name: 'a time-out',
        answer: error(504, 'timeout_error', 'Request timed out'),
        code: 'timeout',
        retryable: true,
      },
      {
        name: 'a conversation that is too long',
        answer: error(400, 'invalid_request_error', 'prompt is too long: 210000 tokens > 200000 maximum'),
        code: 'invalid_request',
        retryable: false,
        message: /^The conversation is too long for the model\. HTTP 400: prompt is too long/,
      },
      {
        name: 'a model that is not there',
        answer: error(404, 'not_found_error', 'model: claude-9'),
        code: 'invalid_request',
        retryable: false,
      },
      {
        name: 'a permission that is missing',
        answer: error(403, 'permission_error', 'Your API key does not have permission to use the specified resource.'),
        code: 'authentication_failed',
        retryable: false,
      },
      {
        name: 'a body that is too large',
        answer: error(413, 'request_too_large', 'Request exceeds the maximum size'),
        code: 'invalid_request',
        retryable: false,
      },
    ],
    badKey: (key) => error(401, 'authentication_error', `invalid x-api-key ${key}`),
  },
  stream: {
    start: [begin, start(textBlock('')), ping],
    text: (text) => delta(0, { type: 'text_delta', text }),
    end: [stop(0), ...end({ stop_reason: 'end_turn' })],
    toolCalls: [
      begin,
      ...call(0, 'toolu_01A', 'weather', '', '{"ci', 'ty":"Oslo"}'),
      ping,
      ...call(1, 'toolu_01B', 'time', ''),
      ...end({ stop_reason: 'tool_use' }),
    ],
    withheld: [['a refusal', [begin, ping, ...end(refusal)], 'refused']],
    error: (message) => ({
      event: typedEvent({
        type: 'error',
        error: { details: null, type: 'overloaded_error', message },
        request_id: 'req_1',
      }),
      code: 'provider_failed',
    }),
  },
};

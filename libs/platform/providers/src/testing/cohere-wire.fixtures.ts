import type { JsonObject } from '@headrace/contracts';
import type { ReceiverAnswer } from '@headrace/testing';
import { CohereProvider } from '../cohere/cohere.provider.js';
import { jsonAnswer, typedEvent, type ProviderWire } from './provider-wire.js';

const usage = {
  billed_units: { input_tokens: 19, output_tokens: 10 },
  tokens: { input_tokens: 519, output_tokens: 15 },
  cached_tokens: 448,
};

/** A chat response as Cohere's API writes it. */
export const aCohereResponse = (message: JsonObject, more: JsonObject = {}): JsonObject => ({
  id: '53bcb235-5179-4a91-a578-cb372b5430bc',
  message: { role: 'assistant', ...message },
  finish_reason: 'COMPLETE',
  usage,
  ...more,
});

const textOf = (text: string): JsonObject => ({ content: [{ type: 'text', text }] });
const error = (status: number, message: string, headers: Record<string, string> = {}): ReceiverAnswer =>
  jsonAnswer(status, { id: '2f2a6bd1-2d3e-4a51-b8c6-4b8a6d9d4b1c', message }, headers);
const call = (id: string, name: string, input: string): JsonObject => ({
  id,
  type: 'function',
  function: { name, arguments: input },
});

/** Whole answers of Cohere's API. */
export const cohereWire = {
  response: (message: JsonObject, more: JsonObject = {}): ReceiverAnswer =>
    jsonAnswer(200, aCohereResponse(message, more)),
  error,
};

const content = (type: string, index: number, piece: JsonObject): string =>
  typedEvent({ type, index, delta: { message: { content: piece } } });
const begin = typedEvent({
  type: 'message-start',
  id: '88492c0b-8227-4256-9b88-1ac956f43de5',
  delta: { message: { role: 'assistant', content: [], tool_plan: '', tool_calls: [], citations: [] } },
});
const end = (reason: string, more: JsonObject = {}): string =>
  typedEvent({ type: 'message-end', delta: { finish_reason: reason, usage, ...more } });
const plan = (piece: string): string =>
  typedEvent({ type: 'tool-plan-delta', delta: { message: { tool_plan: piece } } });
const startCall = (index: number, id: string, name: string): string =>
  typedEvent({ type: 'tool-call-start', index, delta: { message: { tool_calls: call(id, name, '') } } });
const addToCall = (index: number, piece: string): string =>
  typedEvent({
    type: 'tool-call-delta',
    index,
    delta: { message: { tool_calls: { function: { arguments: piece } } } },
  });

/** Events of Cohere's streams. */
export const cohereEvents = { begin, content, plan, addToCall, end };

/** Version 2 of Cohere's Chat API. */
export const cohereProviderWire: ProviderWire = {
  provider: (remote) => new CohereProvider(remote),
  request: { provider: 'cohere', model: 'command-a-03-2025' },
  paths: { whole: '/chat', stream: '/chat' },
  key: (apiKey) => ['authorization', `Bearer ${apiKey}`],
  whole: {
    text: (text) => cohereWire.response(textOf(text)),
    cut: (text) => cohereWire.response(textOf(text), { finish_reason: 'MAX_TOKENS' }),
    toolCalls: () =>
      cohereWire.response(
        {
          tool_plan: 'I will use the weather tool.',
          tool_calls: [call('weather_e8p4', 'weather', '{"city":"Oslo"}'), call('time_pyxs', 'time', 'null')],
        },
        { finish_reason: 'TOOL_CALL' },
      ),
    withheld: [
      ['an answer that failed', cohereWire.response(textOf('We'), { finish_reason: 'ERROR' }), 'provider_failed'],
      ['an answer that took too long', cohereWire.response(textOf('We'), { finish_reason: 'TIMEOUT' }), 'timeout'],
      ['a toxic answer', cohereWire.response(textOf(''), { finish_reason: 'ERROR_TOXIC' }), 'content_filtered'],
    ],
    rateLimit: (seconds) =>
      error(429, 'You are past the per minute request limit, please wait and try again later.', {
        'retry-after': String(seconds),
      }),
    errors: [
      {
        name: 'an error of the server',
        answer: error(500, 'internal server error, this has been reported'),
        code: 'provider_failed',
        retryable: true,
      },
      { name: 'an overload', answer: error(503, 'service unavailable'), code: 'provider_failed', retryable: true },
      { name: 'a time-out', answer: error(504, 'upstream timed out'), code: 'timeout', retryable: true },
      {
        name: 'a month’s calls that are used up',
        answer: error(429, 'You are using a Trial key, which is limited to 1000 API calls / month.'),
        code: 'rate_limited',
        retryable: false,
      },
      {
        name: 'money that is used up',
        answer: error(402, 'Please add or update your payment method.'),
        code: 'rate_limited',
        retryable: false,
      },
      { name: 'a blocked prompt', answer: error(498, 'blocked input'), code: 'content_filtered', retryable: false },
      {
        name: 'a conversation that is too long',
        answer: error(400, 'too many tokens: size limit exceeded by 11326 tokens. Try using shorter or fewer inputs.'),
        code: 'invalid_request',
        retryable: false,
        message: /^The conversation is too long for the model\. HTTP 400: too many tokens/,
      },
      {
        name: 'a limit of tokens that is too high',
        answer: error(400, 'too many tokens: max tokens must be less than or equal to 4096'),
        code: 'invalid_request',
        retryable: false,
      },
      {
        name: 'a model that is not there',
        answer: error(404, "model 'command-z' not found"),
        code: 'invalid_request',
        retryable: false,
      },
    ],
    badKey: (key) => error(401, `invalid api token ${key}`),
  },
  stream: {
    start: [begin, content('content-start', 0, { type: 'text', text: '' })],
    text: (text) => content('content-delta', 0, { text }),
    end: [typedEvent({ type: 'content-end', index: 0 }), end('COMPLETE')],
    toolCalls: [
      begin,
      plan('I will use'),
      plan(' the weather tool.'),
      startCall(0, 'weather_e8p4', 'weather'),
      addToCall(0, '{"ci'),
      addToCall(0, 'ty":"Oslo"}'),
      typedEvent({ type: 'tool-call-end', index: 0 }),
      startCall(1, 'time_pyxs', 'time'),
      typedEvent({ type: 'tool-call-end', index: 1 }),
      end('TOOL_CALL'),
    ],
    withheld: [
      ['an answer that failed', [begin, end('ERROR', { error: 'oops' })], 'provider_failed'],
      ['an answer that took too long', [begin, end('TIMEOUT')], 'timeout'],
    ],
    error: (message) => ({ event: end('ERROR', { error: message }), code: 'provider_failed' }),
  },
};

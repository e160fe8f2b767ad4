import { OpenAiResponsesProvider } from '../openai-responses/openai-responses.provider.js';
import {
  aFunctionCall,
  aMessage,
  aResponse,
  responsesEvent,
  responsesStream,
  responsesWire,
} from './openai-responses.fixtures.js';
import { openAiWire } from './openai-wire.fixtures.js';
import { jsonAnswer, type ProviderWire } from './provider-wire.js';

const calls = [aFunctionCall('call_a', 'weather', '{"city":"Oslo"}'), aFunctionCall('call_b', 'time', '{}')];

/** What OpenAI's Responses API puts on the wire. */
export const openAiResponsesWire: ProviderWire = {
  provider: (remote) => new OpenAiResponsesProvider(remote),
  request: { provider: 'openai-responses', model: 'gpt-4o' },
  paths: { whole: '/responses', stream: '/responses' },
  key: (apiKey) => ['authorization', `Bearer ${apiKey}`],
  whole: {
    text: responsesWire.text,
    cut: (content) => responsesWire.incomplete('max_output_tokens', [aMessage(content)]),
    toolCalls: () => jsonAnswer(200, aResponse({ output: calls })),
    withheld: [
      ['a refusal', responsesWire.refusal(), 'refused'],
      ['a content filter', responsesWire.incomplete('content_filter'), 'content_filtered'],
      ['a failure', responsesWire.failed('server_error', 'oops'), 'provider_failed'],
    ],
    rateLimit: (seconds) => openAiWire.rateLimit(String(seconds)),
    errors: [
      { name: 'an unknown model', answer: openAiWire.unknownModel(), code: 'invalid_request', retryable: false },
      { name: 'an error of the server', answer: openAiWire.serverError(), code: 'provider_failed', retryable: true },
    ],
    badKey: openAiWire.badKey,
  },
  stream: {
    start: responsesStream.opening,
    text: responsesStream.textDelta,
    // Without the text, since it is not known here; the API repeats it.
    end: [responsesEvent('response.completed', { response: aResponse({ output: [] }) })],
    toolCalls: responsesStream.toolCallEvents,
    withheld: [
      ['a refusal', responsesStream.refusalEvents, 'refused'],
      ['a content filter', responsesStream.incompleteEvents('content_filter'), 'content_filtered'],
    ],
    error: (message) => ({
      event: responsesEvent('error', { code: 'server_error', message, param: null }),
      code: 'provider_failed',
    }),
  },
};

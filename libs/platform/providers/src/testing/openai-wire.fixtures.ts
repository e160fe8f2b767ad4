import type { Json, JsonObject } from '@headrace/contracts';
import type { ReceiverAnswer } from '@headrace/testing';

const headers = {
  'content-type': 'application/json',
  'openai-processing-ms': '412',
  'x-request-id': 'req_8f1b1c5a',
  'x-ratelimit-remaining-requests': '9999',
};

const answer = (status: number, body: Json, more: Record<string, string> = {}): ReceiverAnswer => ({
  status,
  headers: { ...headers, ...more },
  // OpenAI's bodies are indented.
  body: JSON.stringify(body, null, 2),
});

/** Body of a chat completion as OpenAI's API writes it; `message` and the rest of the choice can be replaced. */
export function aChatCompletion(message: JsonObject = {}, choice: JsonObject = {}): JsonObject {
  return {
    id: 'chatcmpl-CkQ1x0d5J7mFZVYw3rQ2',
    object: 'chat.completion',
    created: 1_763_700_000,
    model: 'gpt-4o-2024-08-06',
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: 'Hello there!', refusal: null, annotations: [], ...message },
        logprobs: null,
        finish_reason: 'stop',
        ...choice,
      },
    ],
    usage: {
      prompt_tokens: 19,
      completion_tokens: 10,
      total_tokens: 29,
      prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
      completion_tokens_details: { reasoning_tokens: 0, audio_tokens: 0 },
    },
    service_tier: 'default',
    system_fingerprint: 'fp_a288987b44',
  };
}

/** What an OpenAI-compatible server puts on the wire. */
export const openAiWire = {
  text: (content: string): ReceiverAnswer => answer(200, aChatCompletion({ content })),
  completion: (body: Json): ReceiverAnswer => answer(200, body),
  toolCall: (): ReceiverAnswer =>
    answer(
      200,
      aChatCompletion(
        {
          content: null,
          tool_calls: [
            { id: 'call_abc', type: 'function', function: { name: 'weather', arguments: '{"city":"Oslo"}' } },
          ],
        },
        { finish_reason: 'tool_calls' },
      ),
    ),
  refusal: (): ReceiverAnswer =>
    answer(200, aChatCompletion({ content: null, refusal: "I'm sorry, I can't assist with that request." })),
  contentFilter: (): ReceiverAnswer =>
    answer(200, aChatCompletion({ content: '' }, { finish_reason: 'content_filter' })),
  rateLimit: (retryAfter: string): ReceiverAnswer =>
    answer(
      429,
      {
        error: {
          message: 'Rate limit reached for gpt-4o in organization org-x on tokens per min (TPM): Limit 30000.',
          type: 'tokens',
          param: null,
          code: 'rate_limit_exceeded',
        },
      },
      { 'retry-after': retryAfter },
    ),
  badKey: (key: string): ReceiverAnswer =>
    answer(401, {
      error: {
        message: `Incorrect API key provided: ${key}. You can find your API key at https://platform.openai.com.`,
        type: 'invalid_request_error',
        param: null,
        code: 'invalid_api_key',
      },
    }),
  unknownModel: (): ReceiverAnswer =>
    answer(404, {
      error: {
        message: 'The model `gpt-9` does not exist or you do not have access to it.',
        type: 'invalid_request_error',
        param: null,
        code: 'model_not_found',
      },
    }),
  serverError: (): ReceiverAnswer =>
    answer(500, {
      error: {
        message: 'The server had an error while processing your request. Sorry about that!',
        type: 'server_error',
        param: null,
        code: null,
      },
    }),
  /** A proxy before the provider, not the provider. */
  badGateway: (): ReceiverAnswer => ({
    status: 502,
    headers: { 'content-type': 'text/html' },
    body: '<html><body><h1>502 Bad Gateway</h1></body></html>',
  }),
  notJson: (): ReceiverAnswer => ({ status: 200, headers, body: '{"id":"chatcmpl-1","choices":[{"index":0,' }),
  hanging: (): ReceiverAnswer => ({ hang: true }),
  dripping: (): ReceiverAnswer => ({ ...openAiWire.text('slow'), dripMs: 20 }),
  disconnect: (): ReceiverAnswer => ({ reset: true }),
};

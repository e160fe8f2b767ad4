import type { Json, JsonObject } from '@headrace/contracts';
import type { ReceiverAnswer } from '@headrace/testing';

const headers = { 'content-type': 'text/event-stream; charset=utf-8', 'x-request-id': 'req_5d0e' };

/** An event of OpenAI's streams. */
export const sseData = (data: Json): string => `data: ${JSON.stringify(data)}\n\n`;
/** What ends a stream of chat completion chunks. */
export const sseDone = 'data: [DONE]\n\n';

/** A `chat.completion.chunk` as OpenAI's API writes it. */
export const aChunk = (delta: JsonObject, choice: JsonObject = {}, more: JsonObject = {}): JsonObject => ({
  id: 'chatcmpl-CkQ1x0d5J7mFZVYw3rQ2',
  object: 'chat.completion.chunk',
  created: 1_763_700_000,
  model: 'gpt-4o-2024-08-06',
  service_tier: 'default',
  system_fingerprint: 'fp_a288987b44',
  choices: [{ index: 0, delta, logprobs: null, finish_reason: null, ...choice }],
  usage: null,
  obfuscation: 'x1Yz',
  ...more,
});

const listOf = (...objects: JsonObject[]): JsonObject[] => objects;

const usage = {
  prompt_tokens: 19,
  completion_tokens: 10,
  total_tokens: 29,
  prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
  completion_tokens_details: { reasoning_tokens: 0, audio_tokens: 0 },
};

const first = aChunk({ role: 'assistant', content: '', refusal: null });
const last = (reason: string): JsonObject => aChunk({}, { finish_reason: reason });
const usageChunk = aChunk({}, {}, { choices: [], usage });

/** What an OpenAI-compatible server puts on the wire when it streams. */
export const openAiStream = {
  /** Any events; the connection ends as told. */
  events: (events: Iterable<string | Buffer>, afterPieces: ReceiverAnswer['afterPieces'] = 'end'): ReceiverAnswer => ({
    headers,
    pieces: events,
    afterPieces,
  }),
  /** Events that come when others have happened. */
  held: (events: AsyncIterable<string>): ReceiverAnswer => ({ headers, pieces: events }),
  text: (...texts: string[]): ReceiverAnswer => openAiStream.events(openAiStream.textEvents(...texts)),
  textEvents: (...texts: string[]): string[] => [
    sseData(first),
    ...texts.map((content) => sseData(aChunk({ content }))),
    sseData(last('stop')),
    sseData(usageChunk),
    sseDone,
  ],
  toolCalls: (): ReceiverAnswer =>
    openAiStream.events([
      sseData(aChunk({ role: 'assistant', content: null })),
      ...listOf(
        { index: 0, id: 'call_a', type: 'function', function: { name: 'weather', arguments: '' } },
        { index: 0, function: { arguments: '{"ci' } },
        { index: 0, function: { arguments: 'ty":"Oslo"}' } },
        { index: 1, id: 'call_b', type: 'function', function: { name: 'time', arguments: '' } },
        { index: 1, function: { arguments: '{}' } },
      ).map((piece) => sseData(aChunk({ tool_calls: [piece] }))),
      sseData(last('tool_calls')),
      sseData(usageChunk),
      sseDone,
    ]),
  refusal: (): ReceiverAnswer =>
    openAiStream.events([
      sseData(first),
      sseData(aChunk({ refusal: "I'm sorry, " })),
      sseData(aChunk({ refusal: "I can't help." })),
      sseData(last('stop')),
      sseDone,
    ]),
  contentFilter: (): ReceiverAnswer =>
    openAiStream.events([
      sseData(first),
      sseData(aChunk({ content: 'Well' })),
      sseData(last('content_filter')),
      sseDone,
    ]),
  /** OpenRouter and vLLM tell a failure in the middle like this. */
  errorAfterText: (error: Json): ReceiverAnswer =>
    openAiStream.events([sseData(first), sseData(aChunk({ content: 'We' })), sseData({ error })]),
};

import type { JsonObject } from '@headrace/contracts';
import type { ProviderAnswer } from '../ai-provider.js';
import { chatCompletionAnswer } from '../openai-compatible/chat-completion.response.js';
import { ProviderError } from '../provider-error.js';
import { defined } from './json.js';

/** What a provider answered, in our terms. */
export interface AnswerFacts {
  readonly id: string;
  readonly model: string;
  /** All the text; the empty one when there is none. */
  readonly content: string;
  /** In OpenAI's form. */
  readonly toolCalls: readonly JsonObject[];
  readonly finishReason: string | null;
  readonly usage: UsageFacts | undefined;
  /** What the model thought, as far as it is told. */
  readonly reasoning?: string;
  /** Members of the message that one provider alone knows and wants back in the next turn. */
  readonly message?: JsonObject;
}

/** Tokens of an answer. */
export interface UsageFacts {
  /** All of the prompt, cached ones included. */
  readonly prompt: number;
  /** All of the answer, reasoning included. */
  readonly completion: number;
  readonly cached?: number | undefined;
  /** Of the prompt, those written into the provider's cache. */
  readonly cacheWrites?: number | undefined;
  /** Of those, the ones that it keeps for an hour. */
  readonly cacheWritesForAnHour?: number | undefined;
  readonly reasoning?: number | undefined;
}

/** An answer in the shape of OpenAI's `chat.completion`. */
export function chatCompletion(facts: AnswerFacts): ProviderAnswer {
  const { id, model, content, toolCalls, finishReason, reasoning, usage } = facts;
  const hasCalls = toolCalls.length > 0;
  return chatCompletionAnswer(
    defined({
      id,
      object: 'chat.completion',
      created: Math.floor(Date.now() / 1_000),
      model,
      choices: [
        {
          index: 0,
          message: {
            role: 'assistant',
            content: content === '' && hasCalls ? null : content,
            refusal: null,
            ...(hasCalls ? { tool_calls: [...toolCalls] } : {}),
            ...(reasoning ? { reasoning_content: reasoning } : {}),
            ...facts.message,
          },
          logprobs: null,
          finish_reason: finishReason,
        },
      ],
      usage: usage && usageBody(usage),
    }),
  );
}

const usageBody = (usage: UsageFacts): JsonObject => {
  const { prompt, completion, cached = 0, cacheWrites = 0, cacheWritesForAnHour = 0, reasoning = 0 } = usage;
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
    prompt_tokens_details: {
      cached_tokens: cached,
      // As OpenRouter calls them.
      ...(cacheWrites > 0 ? { cache_write_tokens: cacheWrites } : {}),
      ...(cacheWritesForAnHour > 0 ? { cache_write_1h_tokens: cacheWritesForAnHour } : {}),
    },
    completion_tokens_details: { reasoning_tokens: reasoning },
  };
};

/** A tool call as OpenAI writes it. */
export const toolCallBody = (id: string, name: string, input: string, more: JsonObject = {}): JsonObject => ({
  id,
  type: 'function',
  function: { name, arguments: input },
  ...more,
});

/** An answer with status 200 that is none; `retryable`: whether the model may do better the next time. */
export const unusable = (message: string, { retryable = false } = {}): ProviderError =>
  new ProviderError('invalid_response', message, { httpStatus: 200, retryable });

/** The model declined. */
export const refusedAnswer = (why: string): ProviderError =>
  new ProviderError('refused', `The model declined to answer${why === '' ? '.' : `: ${why.slice(0, 300)}`}`, {
    httpStatus: 200,
  });

/** The provider's filter withheld the answer or would not read the prompt; `why` in the provider's words. */
export const filteredAnswer = (what: string, why: string): ProviderError =>
  new ProviderError('content_filtered', `The provider's content filter withheld ${what} (${why.slice(0, 100)}).`, {
    httpStatus: 200,
  });

/** A stream that ended in good order before the answer did. */
export const brokenOff = (): ProviderError =>
  new ProviderError('connection_failed', 'The stream ended before the answer was complete.', {
    httpStatus: 200,
    retryable: true,
  });

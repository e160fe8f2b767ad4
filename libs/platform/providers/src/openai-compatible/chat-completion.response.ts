import type { Json, JsonObject, TokenUsage } from '@headrace/contracts';
import type { ProviderAnswer } from '../ai-provider.js';
import { ProviderError } from '../provider-error.js';
import { becauseOf } from './content-filter.js';
import { errorInAnswer } from './provider-error-of.js';
import { count, isObject } from '../chat/json.js';

/**
 * Reads the body of a 200 answer. Plain `JSON.parse`: its values are written again into webhooks, so the text of
 * the provider must not be kept. Throws `ProviderError`: `invalid_response`, `refused`, `content_filtered`.
 */
export const readChatCompletion = (text: string): ProviderAnswer => chatCompletionAnswer(parseAnswer(text));

/** The answer that a `chat.completion` is. Throws as `readChatCompletion`. */
export function chatCompletionAnswer(body: JsonObject): ProviderAnswer {
  const choice = firstChoice(body);
  const message = isObject(choice.message) ? choice.message : undefined;
  const finishReason = typeof choice.finish_reason === 'string' ? choice.finish_reason : null;
  if (finishReason === 'content_filter') {
    const why = becauseOf(choice.content_filter_results);
    throw answered('content_filtered', `The provider's content filter withheld the answer${why}.`);
  }
  if (!message) throw answered('invalid_response', 'The first choice of the answer has no message.');
  if (typeof message.refusal === 'string' && message.refusal !== '') {
    throw answered('refused', `The model declined to answer: ${message.refusal.slice(0, 300)}`);
  }
  const content = textOf(message.content);
  const toolCalls = Array.isArray(message.tool_calls) ? message.tool_calls.filter(isObject) : [];
  if (content === null && toolCalls.length === 0 && !isObject(message.audio) && !isObject(message.function_call)) {
    throw answered('invalid_response', 'The message of the answer has neither content nor tool calls.');
  }
  return { body, content, toolCalls, usage: usageOf(body.usage), finishReason };
}

/** The body of a 200 answer. Throws `ProviderError`: `invalid_response`. */
export function parseAnswer(text: string): JsonObject {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw answered('invalid_response', 'The answer of the provider is not JSON.');
  }
  if (!isObject(body)) throw answered('invalid_response', 'The answer of the provider is not a JSON object.');
  return body;
}

function firstChoice(body: JsonObject): JsonObject {
  // Some gateways answer 200 and put the failure into the body.
  if (isObject(body.error) && !Array.isArray(body.choices)) throw errorInAnswer(body.error);
  const choice = Array.isArray(body.choices) ? body.choices[0] : undefined;
  if (!isObject(choice)) throw answered('invalid_response', 'The answer of the provider has no choices.');
  return choice;
}

/** Content is text, or parts of which the texts count (reasoning models). */
export function textOf(content: Json | undefined): string | null {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return null;
  return content.map((part) => (isObject(part) && typeof part.text === 'string' ? part.text : '')).join('');
}

function usageOf(usage: Json | undefined): TokenUsage | null {
  if (!isObject(usage)) return null;
  const [promptTokens, completionTokens] = [count(usage.prompt_tokens), count(usage.completion_tokens)];
  if (promptTokens === undefined && completionTokens === undefined) return null;
  const cached = detailOf(usage.prompt_tokens_details, 'cached_tokens');
  const written = detailOf(usage.prompt_tokens_details, 'cache_write_tokens');
  const forAnHour = detailOf(usage.prompt_tokens_details, 'cache_write_1h_tokens');
  const reasoning = detailOf(usage.completion_tokens_details, 'reasoning_tokens');
  return {
    promptTokens: promptTokens ?? 0,
    completionTokens: completionTokens ?? 0,
    ...(cached > 0 ? { cachedPromptTokens: cached } : {}),
    ...(written > 0 ? { cacheWriteTokens: written } : {}),
    ...(forAnHour > 0 ? { cacheWriteHourTokens: forAnHour } : {}),
    ...(reasoning > 0 ? { reasoningTokens: reasoning } : {}),
  };
}

const detailOf = (details: Json | undefined, name: string): number =>
  isObject(details) ? (count(details[name]) ?? 0) : 0;

const answered = (code: ProviderError['code'], message: string): ProviderError =>
  new ProviderError(code, message, { httpStatus: 200 });

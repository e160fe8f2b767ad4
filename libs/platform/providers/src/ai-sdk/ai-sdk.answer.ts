import type { Json, JsonObject } from '@headrace/contracts';
import type { ProviderAnswer } from '../ai-provider.js';
import { chatCompletion, filteredAnswer, toolCallBody, unusable, type UsageFacts } from '../chat/chat-completion.js';
import { count, isObject, objectIn, objectsIn, text } from '../chat/json.js';

/** Reads what `doGenerate` gave; a stream is put together to the same. Throws `ProviderError`. */
export function readAiSdkResult(result: JsonObject, model: string): ProviderAnswer {
  const finishReason = reasonIn(result.finishReason);
  if (finishReason === 'content_filter') throw filteredAnswer('the answer', 'content-filter');
  const content = objectsIn(result.content);
  const toolCalls = content.filter((part) => part.type === 'tool-call' && part.providerExecuted !== true);
  const written = textOf(content, 'text');
  if (finishReason === 'error' && written === '' && toolCalls.length === 0) {
    throw unusable('The provider ended its answer with an error.');
  }
  const response = objectIn(result.response);
  return chatCompletion({
    id: text(response.id) ?? '',
    model: text(response.modelId) ?? model,
    content: written,
    toolCalls: toolCalls.map((part) =>
      toolCallBody(text(part.toolCallId) ?? '', text(part.toolName) ?? '', inputOf(part.input)),
    ),
    finishReason: finishReason === null && toolCalls.length > 0 ? 'tool_calls' : finishReason,
    usage: usageIn(objectIn(result.usage)),
    reasoning: textOf(content, 'reasoning'),
  });
}

const textOf = (content: readonly JsonObject[], type: string): string =>
  content
    .filter((part) => part.type === type)
    .map((part) => text(part.text) ?? '')
    .join('');

/** A text since version 2; some packages give the object all the same. */
const inputOf = (input: Json | undefined): string => {
  const given = typeof input === 'string' ? input : JSON.stringify(input ?? {});
  return given === '' ? '{}' : given;
};

/** A word in version 2, an object since. */
function reasonIn(reason: Json | undefined): string | null {
  switch (isObject(reason) ? reason.unified : reason) {
    case 'stop':
      return 'stop';
    case 'length':
      return 'length';
    case 'tool-calls':
      return 'tool_calls';
    case 'content-filter':
      return 'content_filter';
    case 'error':
      return 'error';
    default:
      return null;
  }
}

/** Numbers in version 2, totals with their parts since. */
function usageIn({
  inputTokens,
  outputTokens,
  cachedInputTokens,
  reasoningTokens,
}: JsonObject): UsageFacts | undefined {
  const [input, output] = [objectIn(inputTokens), objectIn(outputTokens)];
  const [prompt, completion] = [count(input.total) ?? count(inputTokens), count(output.total) ?? count(outputTokens)];
  if (prompt === undefined && completion === undefined) return undefined;
  return {
    prompt: prompt ?? 0,
    completion: completion ?? 0,
    cached: count(input.cacheRead) ?? count(cachedInputTokens),
    reasoning: count(output.reasoning) ?? count(reasoningTokens),
  };
}

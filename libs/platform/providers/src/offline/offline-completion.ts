import type { JsonObject, TokenUsage } from '@headrace/contracts';
import type { ProviderAnswer } from '../ai-provider.js';
import type { OfflineToolCall } from './offline-tool-call.js';

/** What the offline provider says: a text, or a tool that it calls. */
export type OfflineSpeech = { readonly content: string } | { readonly call: OfflineToolCall };

/** An answer of the offline provider. No clock here: `created` too is the same every time. */
export function offlineCompletion(
  digest: string,
  model: string,
  speech: OfflineSpeech,
  usage: TokenUsage,
): ProviderAnswer {
  const content = 'content' in speech ? speech.content : null;
  const toolCalls = 'call' in speech ? [toolCallOf(digest, speech.call)] : [];
  const finishReason = toolCalls.length === 0 ? 'stop' : 'tool_calls';
  const message = { role: 'assistant', content, refusal: null };
  const { promptTokens, completionTokens } = usage;
  const body: JsonObject = {
    id: `chatcmpl-offline-${digest.slice(0, 24)}`,
    object: 'chat.completion',
    created: 0,
    model,
    choices: [
      {
        index: 0,
        message: toolCalls.length === 0 ? message : { ...message, tool_calls: toolCalls },
        logprobs: null,
        finish_reason: finishReason,
      },
    ],
    usage: {
      prompt_tokens: promptTokens,
      completion_tokens: completionTokens,
      total_tokens: promptTokens + completionTokens,
    },
  };
  return { body, content, toolCalls, usage, finishReason };
}

const toolCallOf = (digest: string, call: OfflineToolCall): JsonObject => ({
  id: `call_${digest.slice(0, 24)}`,
  type: 'function',
  function: { name: call.name, arguments: JSON.stringify(call.arguments) },
});

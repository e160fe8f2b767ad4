import { randomUUID } from 'node:crypto';
import type { JsonObject } from '@headrace/contracts';
import type { ProviderAnswer } from '../ai-provider.js';
import { chatCompletion, filteredAnswer, toolCallBody, unusable, type UsageFacts } from '../chat/chat-completion.js';
import { count, isObject, objectIn, objectsIn, text } from '../chat/json.js';
import { errorInGoogleAnswer } from './google.errors.js';

/** Reasons for which an answer is withheld. */
const filtered =
  /^(?:SAFETY|RECITATION|LANGUAGE|BLOCKLIST|PROHIBITED_CONTENT|SPII|IMAGE_SAFETY|IMAGE_PROHIBITED_CONTENT|IMAGE_RECITATION)$/;

/** Reads a GenerateContentResponse. Throws `ProviderError`: `invalid_response`, `content_filtered`, what it tells. */
export function readGoogleAnswer(body: JsonObject): ProviderAnswer {
  if (isObject(body.error)) throw errorInGoogleAnswer(body.error);
  const blocked = text(objectIn(body.promptFeedback).blockReason);
  if (blocked !== undefined) throw filteredAnswer('the prompt', blocked);
  const [candidate] = objectsIn(body.candidates);
  if (!candidate) throw unusable('The answer of the provider has no candidates.');
  const reason = text(candidate.finishReason);
  if (reason !== undefined && filtered.test(reason)) throw filteredAnswer('the answer', reason);
  const parts = objectsIn(objectIn(candidate.content).parts);
  const toolCalls = toolCallsIn(parts, text(body.responseId) ?? randomUUID(), text(body.modelVersion) ?? '');
  const content = textOf(parts, false);
  if (reason !== undefined && reason !== 'STOP' && reason !== 'MAX_TOKENS') throw wentWrong(candidate, reason);
  // Now and then a model stops before it begins; the next time it does not.
  if (reason !== 'MAX_TOKENS' && content === '' && toolCalls.length === 0) {
    throw unusable('The model answered nothing.', { retryable: true });
  }
  return chatCompletion({
    id: text(body.responseId) ?? '',
    model: text(body.modelVersion) ?? '',
    content,
    toolCalls,
    finishReason: finishReasonOf(reason, toolCalls.length > 0),
    usage: usageIn(objectIn(body.usageMetadata)),
    reasoning: textOf(parts, true),
  });
}

/** The text of the parts that are thoughts, or of those that are not. */
const textOf = (parts: readonly JsonObject[], isThought: boolean): string =>
  parts
    .filter(({ thought }) => (thought === true) === isThought)
    .map((part) => text(part.text) ?? '')
    .join('');

/** The functions that are called, in OpenAI's form; signatures are where Google's own OpenAI-like API has them. */
export function toolCallsIn(parts: readonly JsonObject[], responseId: string, model: string): JsonObject[] {
  return parts
    .filter(({ functionCall }) => isObject(functionCall))
    .map((part, index) => {
      const call = objectIn(part.functionCall);
      const signature = text(part.thoughtSignature);
      const id = text(call.id) ?? `call_${responseId}_${index}`;
      return toolCallBody(
        id,
        text(call.name) ?? '',
        JSON.stringify(objectIn(call.args)),
        signature === undefined ? {} : { extra_content: { google: { thought_signature: signature, model } } },
      );
    });
}

/** A call that the model wrote wrongly may be right the next time. */
function wentWrong(candidate: JsonObject, reason: string): ReturnType<typeof unusable> {
  const message = text(candidate.finishMessage)?.slice(0, 300);
  return unusable(`The model stopped for ${reason}${message ? `: ${message}` : '.'}`, {
    retryable: reason.startsWith('MALFORMED'),
  });
}

function finishReasonOf(reason: string | undefined, hasCalls: boolean): string | null {
  if (reason === 'MAX_TOKENS') return 'length';
  if (hasCalls) return 'tool_calls';
  return reason === undefined ? null : 'stop';
}

/** Thoughts are counted apart from the answer, and results of tools apart from the prompt. */
function usageIn(usage: JsonObject): UsageFacts | undefined {
  const [prompt, answer] = [count(usage.promptTokenCount), count(usage.candidatesTokenCount)];
  if (prompt === undefined && answer === undefined) return undefined;
  const reasoning = count(usage.thoughtsTokenCount) ?? 0;
  return {
    prompt: (prompt ?? 0) + (count(usage.toolUsePromptTokenCount) ?? 0),
    completion: (answer ?? 0) + reasoning,
    cached: count(usage.cachedContentTokenCount),
    reasoning,
  };
}

import type { JsonObject } from '@headrace/contracts';
import type { ProviderAnswer } from '../ai-provider.js';
import { chatCompletion, filteredAnswer, toolCallBody, unusable, type UsageFacts } from '../chat/chat-completion.js';
import { count, isObject, objectIn, objectsIn, parsedObject, text } from '../chat/json.js';
import { toldError } from '../chat/told-error.js';
import { errorInCohereAnswer } from './cohere.errors.js';

/** Reads a chat response, which does not name its model. Throws `ProviderError`: `invalid_response`, what it tells. */
export function readCohereAnswer(body: JsonObject, model: string): ProviderAnswer {
  const { message, finish_reason: reason } = body;
  if (!isObject(message)) {
    throw text(message) === undefined
      ? unusable('The answer of the provider has no message.')
      : errorInCohereAnswer(body);
  }
  throwIfFailed(text(reason), text(body.error));
  const content = typeof message.content === 'string' ? message.content : textIn(message, 'text');
  const plan = text(message.tool_plan) ?? '';
  return chatCompletion({
    id: text(body.id) ?? '',
    model,
    content,
    toolCalls: objectsIn(message.tool_calls).map(toolCallOf),
    finishReason: finishReasonOf(text(reason)),
    usage: usageIn(objectIn(body.usage)),
    reasoning: [textIn(message, 'thinking'), plan].filter((part) => part !== '').join('\n'),
    ...(plan === '' ? {} : { message: { tool_plan: plan } }),
  });
}

const textIn = (message: JsonObject, kind: 'text' | 'thinking'): string =>
  objectsIn(message.content)
    .map((part) => text(part[kind]) ?? '')
    .join('');

/** A tool without arguments has the text `null` as its arguments now and then. */
function toolCallOf({ id, function: called }: JsonObject): JsonObject {
  const { name, arguments: input } = objectIn(called);
  return toolCallBody(text(id) ?? '', text(name) ?? '', parsedObject(text(input) ?? '') ? (text(input) ?? '') : '{}');
}

function throwIfFailed(reason: string | undefined, message: string | undefined): void {
  if (reason === 'ERROR_TOXIC') throw filteredAnswer('the answer', reason);
  if (reason !== 'TIMEOUT' && !reason?.startsWith('ERROR')) return;
  const told = message?.slice(0, 500) ?? `The provider ended the answer with ${reason}.`;
  throw toldError({ code: reason === 'TIMEOUT' ? 'timeout' : 'provider_failed', message: told, httpStatus: 200 });
}

function finishReasonOf(reason: string | undefined): string | null {
  switch (reason) {
    case undefined:
      return null;
    case 'MAX_TOKENS':
      return 'length';
    case 'TOOL_CALL':
      return 'tool_calls';
    default:
      return 'stop';
  }
}

/** What is charged for: `tokens` counts Cohere's own instructions too. */
function usageIn(usage: JsonObject): UsageFacts | undefined {
  const counted = isObject(usage.billed_units) ? usage.billed_units : objectIn(usage.tokens);
  const [input, output] = [count(counted.input_tokens), count(counted.output_tokens)];
  return input === undefined && output === undefined ? undefined : { prompt: input ?? 0, completion: output ?? 0 };
}

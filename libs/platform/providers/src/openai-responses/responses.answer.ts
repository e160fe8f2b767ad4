import type { JsonObject } from '@headrace/contracts';
import type { ProviderAnswer } from '../ai-provider.js';
import {
  chatCompletion,
  filteredAnswer,
  refusedAnswer,
  toolCallBody,
  unusable,
  type UsageFacts,
} from '../chat/chat-completion.js';
import { count, defined, isObject, objectIn, objectsIn, text } from '../chat/json.js';
import { errorInResponse } from './responses.errors.js';

/** Reads a Response. Throws `ProviderError`: `invalid_response`, `refused`, `content_filtered`, what its error says. */
export function readResponse(body: JsonObject): ProviderAnswer {
  if (isObject(body.error)) throw errorInResponse(body.error);
  if (!Array.isArray(body.output)) throw unusable('The answer of the provider has no output.');
  const cutBy = cutReason(body);
  if (cutBy === 'content_filter') throw filteredAnswer('the answer', cutBy);
  const output = objectsIn(body.output);
  const parts = ofType(output, 'message').flatMap(({ content }) => objectsIn(content));
  const written = ofType(parts, 'output_text').map((part) => text(part.text) ?? '');
  const refusals = ofType(parts, 'refusal').map((part) => text(part.refusal) ?? '');
  if (refusals.length > 0) throw refusedAnswer(refusals.join(''));
  const toolCalls = ofType(output, 'function_call').map(callOf);
  const annotations = ofType(parts, 'output_text').flatMap((part) => objectsIn(part.annotations).map(annotationOf));
  const reasoning = ofType(output, 'reasoning');
  if (written.length + toolCalls.length === 0 && cutBy === undefined) {
    throw unusable('The output of the answer has neither text nor function calls.');
  }
  return chatCompletion({
    id: text(body.id) ?? '',
    model: text(body.model) ?? '',
    content: written.join(''),
    toolCalls,
    finishReason: cutBy === undefined ? (toolCalls.length > 0 ? 'tool_calls' : 'stop') : 'length',
    usage: usageIn(objectIn(body.usage)),
    reasoning: reasoning.flatMap(thoughtsOf).join('\n\n'),
    message: {
      ...(annotations.length > 0 ? { annotations } : {}),
      // Of use to the model in the next turn only where they can be read again: they are not stored at the provider.
      ...(reasoning.some((item) => text(item.encrypted_content)) ? { reasoning_items: reasoning.map(resentItem) } : {}),
    },
  });
}

/** Why the answer is not whole; undefined when it is. Throws `ProviderError` when it is not over. */
function cutReason({ status, incomplete_details: details }: JsonObject): string | undefined {
  switch (status) {
    case 'incomplete':
      return text(objectIn(details).reason) ?? 'unknown';
    case 'queued':
    case 'in_progress':
    case 'cancelled':
    case 'failed':
      throw unusable(`The answer of the provider is not complete: its status is ${status}.`);
    default:
      return undefined;
  }
}

const ofType = (objects: readonly JsonObject[], type: string): JsonObject[] =>
  objects.filter((object) => object.type === type);

const callOf = (item: JsonObject): JsonObject =>
  toolCallBody(text(item.call_id) ?? '', text(item.name) ?? '', text(item.arguments) ?? '');

/** Chat completions put the members of an annotation under its type. */
function annotationOf({ type, ...members }: JsonObject): JsonObject {
  const name = text(type) ?? 'annotation';
  return { type: name, [name]: members };
}

const thoughtsOf = ({ summary, content }: JsonObject): string[] =>
  [...objectsIn(summary), ...objectsIn(content)].map((part) => text(part.text) ?? '').filter((part) => part !== '');

/** An item as the API takes it back. */
const resentItem = ({ type, id, summary, encrypted_content: encrypted }: JsonObject): JsonObject =>
  defined({ type, id, summary, encrypted_content: encrypted });

function usageIn(usage: JsonObject): UsageFacts | undefined {
  const [input, output] = [count(usage.input_tokens), count(usage.output_tokens)];
  if (input === undefined && output === undefined) return undefined;
  return {
    prompt: input ?? 0,
    completion: output ?? 0,
    cached: count(objectIn(usage.input_tokens_details).cached_tokens),
    reasoning: count(objectIn(usage.output_tokens_details).reasoning_tokens),
  };
}

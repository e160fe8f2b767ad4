import type { JsonObject } from '@headrace/contracts';
import type { ProviderAnswer } from '../ai-provider.js';
import { chatCompletion, refusedAnswer, toolCallBody, unusable, type UsageFacts } from '../chat/chat-completion.js';
import { count, isObject, objectIn, objectsIn, text } from '../chat/json.js';
import { answerToolName, type AnswerForm } from './answer-form.js';
import { errorInAnthropicAnswer } from './anthropic.errors.js';

/** Reads a Message. Throws `ProviderError`: `invalid_response`, `refused`, what an error in it says. */
export function readAnthropicMessage(body: JsonObject, form: AnswerForm): ProviderAnswer {
  if (body.type === 'error' || isObject(body.error)) throw errorInAnthropicAnswer(body);
  if (!Array.isArray(body.content)) throw unusable('The answer of the provider has no content.');
  const blocks = objectsIn(body.content);
  const written = textIn(blocks, 'text', 'text');
  if (body.stop_reason === 'refusal') {
    throw refusedAnswer(text(objectIn(body.stop_details).explanation) ?? written);
  }
  const calls = blocks.filter(({ type }) => type === 'tool_use');
  const answer = form.by === 'tool' ? calls.find(({ name }) => name === answerToolName) : undefined;
  const toolCalls = calls.filter((call) => call !== answer && call.name !== answerToolName);
  // Whoever calls tools beside the answer wants their results first.
  const isAnswered = answer !== undefined && toolCalls.length === 0;
  const thinking = blocks.filter(({ type }) => type === 'thinking' || type === 'redacted_thinking');
  return chatCompletion({
    id: text(body.id) ?? '',
    model: text(body.model) ?? '',
    content: isAnswered ? JSON.stringify(answerIn(objectIn(answer.input), form)) : written,
    toolCalls: toolCalls.map((call) =>
      toolCallBody(text(call.id) ?? '', text(call.name) ?? '', JSON.stringify(call.input ?? {})),
    ),
    finishReason: isAnswered ? 'stop' : finishReasonOf(text(body.stop_reason)),
    usage: usageIn(objectIn(body.usage)),
    reasoning: textIn(blocks, 'thinking', 'thinking'),
    ...(thinking.length > 0 ? { message: { thinking_blocks: thinking, thinking_model: text(body.model) ?? '' } } : {}),
  });
}

const textIn = (blocks: readonly JsonObject[], type: string, member: string): string =>
  blocks
    .filter((block) => block.type === type)
    .map((block) => text(block[member]) ?? '')
    .join('');

const answerIn = (input: JsonObject, form: AnswerForm) =>
  form.by === 'tool' && form.isWrapped ? (input.value ?? null) : input;

function finishReasonOf(reason: string | undefined): string | null {
  switch (reason) {
    case undefined:
      return null;
    case 'max_tokens':
    case 'model_context_window_exceeded':
      return 'length';
    case 'tool_use':
      return 'tool_calls';
    default:
      return 'stop';
  }
}

/** Anthropic counts what was read from and written to its cache apart from the other input. */
function usageIn(usage: JsonObject): UsageFacts | undefined {
  const [input, output] = [count(usage.input_tokens), count(usage.output_tokens)];
  if (input === undefined && output === undefined) return undefined;
  const cached = count(usage.cache_read_input_tokens) ?? 0;
  const cacheWrites = count(usage.cache_creation_input_tokens) ?? 0;
  return {
    prompt: (input ?? 0) + cached + cacheWrites,
    completion: output ?? 0,
    cached,
    cacheWrites,
    cacheWritesForAnHour: count(objectIn(usage.cache_creation).ephemeral_1h_input_tokens),
    reasoning: count(objectIn(usage.output_tokens_details).thinking_tokens),
  };
}

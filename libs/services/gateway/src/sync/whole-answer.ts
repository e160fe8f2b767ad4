import { isJsonObject, type JsonObject } from '@headrace/contracts';
import type { EndedRequest } from '../cancel/request.canceller.js';

/** A request that was answered. */
export type CompletedRequest = Extract<EndedRequest, { status: 'completed' }>;
/** A request that ended without an answer. */
export type FailedRequest = Extract<EndedRequest, { status: 'failed' }>;

/** One choice of a `chat.completion`. */
export interface Choice {
  readonly index: number;
  readonly message: JsonObject;
  readonly finishReason: string;
}

/** The id of a `chat.completion` that we make ourselves. */
export const completionIdOf = (channel: string): string => `chatcmpl-${channel}`;

/**
 * An answer as the body of an OpenAI `chat.completion`: the provider's own, or for a structured output, of which the
 * object is kept, one with the object as its text.
 */
export function completionOf(channel: string, end: CompletedRequest): JsonObject {
  const { generation, output } = end;
  if (!generation.structuredOutput) return output.data as JsonObject;
  const message = { role: 'assistant', content: JSON.stringify(output.data), refusal: null };
  return {
    id: completionIdOf(channel),
    object: 'chat.completion',
    created: secondsOf(end.completedAt),
    model: generation.usedModel,
    choices: [{ index: 0, message, logprobs: null, finish_reason: 'stop' }],
    usage: usageOf(end),
  };
}

/** The choices of an answer's body; whatever a provider left out has its usual value. */
export function choicesOf(completion: JsonObject): Choice[] {
  const choices = Array.isArray(completion.choices) ? completion.choices.filter(isJsonObject) : [];
  return choices.map(({ index, message, finish_reason: reason }, place) => ({
    index: typeof index === 'number' ? index : place,
    message: isJsonObject(message) ? message : {},
    finishReason: typeof reason === 'string' ? reason : 'stop',
  }));
}

/** The tokens of an answer in OpenAI's form: the provider's own words where it has some. */
export function usageOf({ generation, output }: CompletedRequest): JsonObject {
  const told = !generation.structuredOutput && isJsonObject(output.data) ? output.data.usage : undefined;
  if (isJsonObject(told)) return told;
  const { promptTokens = 0, completionTokens = 0 } = generation.usage ?? {};
  return {
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
  };
}

/** An instant as OpenAI writes it. */
export const secondsOf = (instant: string): number => Math.floor(Date.parse(instant) / 1_000);

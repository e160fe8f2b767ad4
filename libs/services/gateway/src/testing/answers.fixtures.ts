import type { GenerationOutput, GenerationSummary, JsonObject } from '@headrace/contracts';
import { aGeneration, anOutput } from '@headrace/domain/testing';

/** A provider's body in OpenAI's shape. */
export const aCompletion = (message: JsonObject = {}, finishReason = 'stop'): JsonObject => ({
  id: 'chatcmpl-provider',
  object: 'chat.completion',
  created: 1_700_000_000,
  model: 'any',
  choices: [
    {
      index: 0,
      message: { role: 'assistant', content: 'Hello there.', refusal: null, ...message },
      logprobs: null,
      finish_reason: finishReason,
    },
  ],
  usage: { prompt_tokens: 3, completion_tokens: 5, total_tokens: 8 },
});

/** What the AI said, and how that came about. */
export function anAnswer(
  completion = aCompletion(),
  generation: Partial<GenerationSummary> = {},
): { generation: GenerationSummary; output: GenerationOutput } {
  const [choice] = completion.choices as { message: { content: string | null } }[];
  const content = choice?.message.content ?? null;
  return { generation: aGeneration(generation), output: anOutput({ data: completion, content }) };
}

/** An AI that failed with a status. */
export const aFailure = (status: number, details: JsonObject = {}) => ({
  generation: aGeneration({ httpStatus: 502 }),
  message: 'The provider failed.',
  details: { status, message: 'The provider failed.', ...details },
});

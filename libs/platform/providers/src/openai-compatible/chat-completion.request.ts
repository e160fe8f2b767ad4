import type { JsonObject } from '@headrace/contracts';
import type { GenerationRequest } from '../ai-provider.js';

/**
 * Body of `POST /chat/completions`. Parameters keep their names; what the request itself decides wins over them.
 * A schema goes as `response_format` of type `json_schema`.
 */
export function chatCompletionRequest({
  parameters,
  model,
  messages,
  structuredOutput,
}: GenerationRequest): JsonObject {
  return {
    ...parameters,
    model,
    messages: [...messages],
    // The answer is read whole, whatever the workflow's parameters say.
    stream: false,
    ...(structuredOutput
      ? {
          response_format: {
            type: 'json_schema',
            json_schema: { name: schemaName(structuredOutput.name), schema: structuredOutput.schema.source },
          },
        }
      : {}),
  };
}

/** OpenAI takes letters, digits, `_` and `-`, at most 64 of them. */
const schemaName = (name: string): string => name.replace(/[^A-Za-z0-9_-]+/g, '_').slice(0, 64) || 'response';

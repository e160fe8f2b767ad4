import type { JsonObject } from '@headrace/contracts';
import type { GenerationRequest } from '../ai-provider.js';
import { objectIn, text } from './json.js';

/** The form that an answer is to have: free text, any JSON object, or JSON that fits a schema. */
export type WantedFormat =
  | { readonly type: 'text' }
  | { readonly type: 'json' }
  | { readonly type: 'schema'; readonly name: string; readonly schema: JsonObject };

/** The wanted form: the request's structured output, else its parameter `response_format`. */
export function wantedFormat({ structuredOutput, parameters }: GenerationRequest): WantedFormat {
  if (structuredOutput) {
    return { type: 'schema', name: structuredOutput.name, schema: structuredOutput.schema.source };
  }
  const format = objectIn(parameters.response_format);
  if (format.type === 'json_object') return { type: 'json' };
  if (format.type !== 'json_schema') return { type: 'text' };
  const { name, schema } = objectIn(format.json_schema);
  return { type: 'schema', name: text(name) ?? 'response', schema: objectIn(schema) };
}

/** What tells a model of the form where the provider cannot hold it to it. */
export function formatInstructions(format: WantedFormat): string | undefined {
  switch (format.type) {
    case 'text':
      return undefined;
    case 'json':
      return 'Answer with one JSON object and nothing else: no explanation and no code fence.';
    case 'schema':
      return (
        'Your final answer must be one JSON value and nothing else: no explanation and no code fence. ' +
        `It must be valid against this JSON Schema:\n${JSON.stringify(format.schema)}`
      );
  }
}

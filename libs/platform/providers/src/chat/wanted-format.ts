import type { JsonObject } from '@headrace/contracts';
import type { GenerationRequest } from '../ai-provider.js';
import { structuredWays, type StructuredBy } from '../openai-compatible/provider-presets.js';
import { structuredWayParameter } from '../openai-compatible/structured-way.js';
import { badRequest } from './bad-request.js';
import { objectIn, text } from './json.js';
import { throwIfTooDeep } from './schema-depth.js';

/** The form that an answer is to have: free text, any JSON object, or JSON that fits a schema. */
export type WantedFormat =
  | { readonly type: 'text' }
  | { readonly type: 'json' }
  | {
      readonly type: 'schema';
      readonly name: string;
      readonly schema: JsonObject;
      /** How to ask for it, where the request says so; undefined: as the provider does it best. */
      readonly way: StructuredBy | undefined;
    };

/** The wanted form: the request's structured output, else its parameter `response_format`. */
export function wantedFormat({ structuredOutput, parameters }: GenerationRequest): WantedFormat {
  const way = wantedWay(parameters);
  if (structuredOutput) {
    return { type: 'schema', name: structuredOutput.name, schema: structuredOutput.schema.source, way };
  }
  const format = objectIn(parameters.response_format);
  if (format.type === 'json_object') return { type: 'json' };
  if (format.type !== 'json_schema') return { type: 'text' };
  const { name, schema } = objectIn(format.json_schema);
  throwIfTooDeep(objectIn(schema), 'response_format.json_schema.schema');
  return { type: 'schema', name: text(name) ?? 'response', schema: objectIn(schema), way };
}

function wantedWay(parameters: JsonObject): StructuredBy | undefined {
  const asked = parameters[structuredWayParameter] ?? undefined;
  const way = structuredWays.find((known) => known === asked);
  if (asked !== undefined && way === undefined) {
    throw badRequest(
      `${structuredWayParameter} must be one of ${structuredWays.join(', ')}. Correct it, or leave it out.`,
    );
  }
  return way;
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

import type { JsonObject } from '@headrace/contracts';
import type { GenerationRequest } from '../ai-provider.js';
import { unsupportedParameters } from '../parameters/unsupported-parameters.js';
import type { ProviderPreset } from './provider-presets.js';
import { askedInWords, schemaName } from './schema-in-prompt.js';

/**
 * Body of `POST /chat/completions`. Parameters keep their names unless the provider has another one, and those that it
 * refuses are left out, because a workflow's parameters go to its fallbacks too. What the request itself decides wins
 * over them.
 */
export function chatCompletionRequest(
  request: GenerationRequest,
  preset: ProviderPreset,
  isStreamed: boolean,
): JsonObject {
  const { model, messages, structuredOutput } = request;
  const inWords = structuredOutput !== null && preset.structuredOutput(model) === 'json_mode';
  return {
    ...accepted(request, preset),
    model,
    messages: inWords ? askedInWords(messages, structuredOutput.schema.source) : [...messages],
    // What decides is how the answer is read, not the workflow's parameters.
    stream: isStreamed,
    ...(isStreamed && preset.streamOptions ? { stream_options: { include_usage: true } } : {}),
    ...(structuredOutput ? responseFormat(structuredOutput, inWords) : {}),
  };
}

function accepted({ provider, model, parameters }: GenerationRequest, preset: ProviderPreset): JsonObject {
  const { stream: _stream, stream_options: _options, ...rest } = parameters;
  const renamed = Object.fromEntries(
    Object.entries(rest).map(([name, value]) => [preset.rename(name, model), value] as const),
  );
  for (const name of unsupportedParameters(provider, model, renamed)) delete renamed[name];
  return renamed;
}

function responseFormat(
  { name, schema }: NonNullable<GenerationRequest['structuredOutput']>,
  inWords: boolean,
): JsonObject {
  if (!inWords) {
    return {
      response_format: { type: 'json_schema', json_schema: { name: schemaName(name), schema: schema.source } },
    };
  }
  // JSON mode gives objects only; a schema of anything else must do with the words.
  const { source } = schema;
  const isObjectSchema = typeof source === 'object' && source.type === 'object';
  return { response_format: { type: isObjectSchema ? 'json_object' : 'text' } };
}

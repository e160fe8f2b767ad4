import type { JsonObject } from '@headrace/contracts';
import type { GenerationRequest } from '../ai-provider.js';
import { unsupportedParameters } from '../parameters/unsupported-parameters.js';
import type { AnswerTool } from './answer-tool.js';
import { messagesSentBack } from './messages-sent-back.js';
import type { ProviderPreset, StructuredBy } from './provider-presets.js';
import { askedInWords, schemaName } from './schema-in-prompt.js';
import { fitsStrictMode } from './strict-schema.js';
import { structuredWayParameter } from './structured-way.js';

/** How the answer is to come. */
export interface AnswerWay {
  readonly isStreamed: boolean;
  /** How a schema is asked for; null: there is none. */
  readonly structuredBy: StructuredBy | null;
  /** The tool whose arguments are the answer, where that is the way. */
  readonly tool: AnswerTool | null;
}

/**
 * Body of `POST /chat/completions`. Parameters keep their names unless the provider has another one, and those that it
 * refuses are left out, because a workflow's parameters go to its fallbacks too. What the request itself decides wins
 * over them.
 */
export function chatCompletionRequest(
  request: GenerationRequest,
  preset: ProviderPreset,
  { isStreamed, structuredBy, tool }: AnswerWay,
): JsonObject {
  const { model, structuredOutput } = request;
  const messages = messagesSentBack(request.messages, preset);
  const inWords = structuredOutput !== null && (structuredBy === 'json_mode' || structuredBy === 'prompt');
  const parameters = accepted(request, preset);
  return {
    ...parameters,
    ...tool?.settings(parameters),
    model,
    messages: inWords ? askedInWords(messages, structuredOutput.schema.source) : messages,
    // What decides is how the answer is read, not the workflow's parameters.
    stream: isStreamed,
    ...(isStreamed && preset.streamOptions ? { stream_options: { include_usage: true } } : {}),
    ...(structuredOutput ? responseFormat(structuredOutput, structuredBy, preset.isStrict(model)) : {}),
  };
}

function accepted(
  { provider, model, parameters, structuredOutput }: GenerationRequest,
  preset: ProviderPreset,
): JsonObject {
  const { stream: _stream, stream_options: _options, [structuredWayParameter]: _way, ...rest } = parameters;
  const renamed = Object.fromEntries(
    Object.entries(rest).map(([name, value]) => [preset.rename(name, model), value] as const),
  );
  if (structuredOutput) delete renamed.response_format;
  for (const name of unsupportedParameters(provider, model, renamed)) delete renamed[name];
  return renamed;
}

function responseFormat(
  { name, schema: { source: schema } }: NonNullable<GenerationRequest['structuredOutput']>,
  by: StructuredBy | null,
  isStrict: boolean,
): JsonObject {
  switch (by) {
    case 'json_schema': {
      const asked: JsonObject = { name: schemaName(name), schema };
      if (isStrict && fitsStrictMode(schema)) asked.strict = true;
      return { response_format: { type: 'json_schema', json_schema: asked } };
    }
    case 'json_mode':
      // JSON mode gives objects only; a schema of anything else must do with the words.
      return schema.type === 'object' ? { response_format: { type: 'json_object' } } : {};
    default:
      return {};
  }
}

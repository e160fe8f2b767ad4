import type { Json, JsonObject } from '@headrace/contracts';
import type { GenerationRequest } from '../ai-provider.js';
import { badRequest } from '../chat/bad-request.js';
import { readConversation } from '../chat/conversation.js';
import { defined, objectIn } from '../chat/json.js';
import { Parameters } from '../chat/parameters.js';
import { wantedFormat } from '../chat/wanted-format.js';
import { isReasoningModel } from '../openai-compatible/provider-presets.js';
import { schemaName } from '../openai-compatible/schema-in-prompt.js';
import { fitsStrictMode } from '../openai-compatible/strict-schema.js';
import { structuredWayParameter } from '../openai-compatible/structured-way.js';
import { unsupportedParameters } from '../parameters/unsupported-parameters.js';
import { responsesInput, responsesToolChoice, responsesTools } from './responses.input.js';

/** Parameters of chat completions that are said in another way here; any other goes as it is. */
const translated = new Set([
  ...['max_tokens', 'max_completion_tokens', 'reasoning_effort', 'verbosity', 'response_format', 'text'],
  ...['tools', 'tool_choice', 'stream', 'stream_options', 'background', 'n', 'modalities'],
  structuredWayParameter,
]);

/**
 * Body of `POST /responses`. Parameters that the API does not know are left out, because a workflow's parameters go to
 * its fallbacks too. Throws `ProviderError` with code `invalid_request` for what cannot be said here.
 */
export function responsesRequest(request: GenerationRequest, isStreamed: boolean): JsonObject {
  const { provider, model, messages } = request;
  const unsupported = new Set(unsupportedParameters(provider, model, request.parameters));
  const kept = Object.entries(request.parameters).filter(([name, value]) => value !== null && !unsupported.has(name));
  const parameters = new Parameters(Object.fromEntries(kept));
  checkForm(parameters);
  const effort = parameters.reasoningEffort;
  return defined({
    // Stateless, as chat completions are: what is stored at the provider can only be asked for by name.
    store: false,
    ...(isReasoningModel(model) && parameters.get('store') !== true
      ? { include: ['reasoning.encrypted_content'] }
      : {}),
    ...Object.fromEntries(kept.filter(([name]) => !translated.has(name))),
    model,
    input: responsesInput(readConversation(messages)),
    stream: isStreamed,
    max_output_tokens: parameters.maxTokens ?? parameters.get('max_output_tokens'),
    tools: responsesTools(parameters.get('tools')),
    tool_choice: responsesToolChoice(parameters.get('tool_choice')),
    reasoning: effort === undefined ? undefined : { ...objectIn(parameters.get('reasoning')), effort },
    ...textSettings(request, parameters),
  });
}

/** What would make the answer another one than the caller reads. */
function checkForm(parameters: Parameters): void {
  const { n = 1, modalities = ['text'] } = { n: parameters.get('n'), modalities: parameters.get('modalities') };
  if (n !== 1) throw badRequest('n must be 1: the Responses API gives one answer. Use the provider openai for more.');
  if ([modalities].flat().some((modality) => modality !== 'text')) {
    throw badRequest('modalities must be ["text"]: the Responses API gives no audio. Use the provider openai for it.');
  }
}

function textSettings(request: GenerationRequest, parameters: Parameters): JsonObject {
  const format = formatOf(request);
  const settings = defined({
    ...objectIn(parameters.get('text')),
    format,
    verbosity: parameters.get('verbosity'),
  });
  return Object.keys(settings).length === 0 ? {} : { text: settings };
}

function formatOf(request: GenerationRequest): JsonObject | undefined {
  const wanted = wantedFormat(request);
  if (wanted.type === 'text') return undefined;
  if (wanted.type === 'json') return { type: 'json_object' };
  const { schema, name } = wanted;
  return {
    type: 'json_schema',
    name: schemaName(name),
    schema,
    strict: strictAsked(request) ?? fitsStrictMode(schema),
  };
}

/** What the client says of `strict` in its own `response_format`. */
function strictAsked({ structuredOutput, parameters }: GenerationRequest): Json | undefined {
  if (structuredOutput) return undefined;
  return objectIn(objectIn(parameters.response_format).json_schema).strict ?? undefined;
}

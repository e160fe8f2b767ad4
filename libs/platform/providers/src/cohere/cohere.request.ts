import type { JsonObject } from '@headrace/contracts';
import type { GenerationRequest } from '../ai-provider.js';
import { readConversation } from '../chat/conversation.js';
import { defined, isObject, objectIn } from '../chat/json.js';
import { Parameters } from '../chat/parameters.js';
import { readToolChoice, readTools, type FunctionTool, type ToolChoice } from '../chat/tools.js';
import { formatInstructions, wantedFormat, type WantedFormat } from '../chat/wanted-format.js';
import { sendableParameters } from '../parameters/native-parameters.js';
import { thinkingFor } from './cohere-models.js';
import { cohereSchema } from './cohere-schema.js';
import { cohereMessages } from './cohere.messages.js';

/** Body of `POST /chat`. Throws `ProviderError` with code `invalid_request` where it cannot be said. */
export function cohereRequest(request: GenerationRequest, isStreamed: boolean): JsonObject {
  const { model } = request;
  const parameters = new Parameters(sendableParameters('cohere', model, request.parameters));
  const tools = readTools(parameters.get('tools'));
  const choice = readToolChoice(parameters.get('tool_choice'), tools);
  const { words, responseFormat } = formatSettings(wantedFormat(request), tools.length > 0);
  const effort = parameters.reasoningEffort;
  const given = parameters.get('thinking');
  return defined({
    ...objectIn(parameters.get('extra_body')),
    model,
    messages: cohereMessages(readConversation(request.messages), words),
    stream: isStreamed,
    max_tokens: parameters.maxTokens,
    temperature: parameters.number('temperature'),
    p: parameters.within('top_p', 0.01, 0.99),
    k: parameters.number('top_k'),
    stop_sequences: parameters.stop,
    seed: parameters.number('seed'),
    presence_penalty: parameters.within('presence_penalty', 0, 1),
    frequency_penalty: parameters.within('frequency_penalty', 0, 1),
    thinking: isObject(given) ? given : effort && thinkingFor(effort),
    response_format: responseFormat,
    ...toolSettings(tools, choice),
  });
}

/** One tool alone can be asked for by leaving the others out. */
function toolSettings(tools: readonly FunctionTool[], choice: ToolChoice | undefined): JsonObject {
  if (tools.length === 0) return {};
  const offered = typeof choice === 'object' ? tools.filter(({ name }) => name === choice.name) : tools;
  const mustCall = typeof choice === 'object' || choice === 'required';
  return defined({
    tools: offered.map(({ name, description, schema }) => ({
      type: 'function',
      function: defined({ name, description, parameters: { type: 'object', ...schema } }),
    })),
    tool_choice: mustCall ? 'REQUIRED' : choice === 'none' ? 'NONE' : undefined,
  });
}

/** How the answer is brought into its form. */
interface FormatSettings {
  /** For the system instructions: the API wants to be asked for JSON in words too. */
  readonly words: string | undefined;
  readonly responseFormat?: JsonObject;
}

/** Natively where the schema can be said so and no tools are there, else as JSON and in words. */
function formatSettings(wanted: WantedFormat, hasTools: boolean): FormatSettings {
  const words = formatInstructions(wanted);
  const way = wanted.type === 'schema' ? wanted.way : undefined;
  if (wanted.type === 'text' || hasTools || way === 'prompt') return { words };
  const schema = wanted.type === 'schema' && way !== 'json_mode' ? cohereSchema(wanted.schema) : undefined;
  if (schema) return { words: 'Answer with JSON.', responseFormat: { type: 'json_object', json_schema: schema } };
  const isObjectWanted = wanted.type === 'json' || wanted.schema.type === 'object';
  return { words, ...(isObjectWanted ? { responseFormat: { type: 'json_object' } } : {}) };
}

import type { JsonObject } from '@headrace/contracts';
import type { GenerationRequest } from '../ai-provider.js';
import { readConversation } from '../chat/conversation.js';
import { defined, isObject, objectIn } from '../chat/json.js';
import { Parameters } from '../chat/parameters.js';
import { readToolChoice, readTools, type FunctionTool, type ToolChoice } from '../chat/tools.js';
import { formatInstructions, wantedFormat, type WantedFormat } from '../chat/wanted-format.js';
import { sendableParameters } from '../parameters/native-parameters.js';
import { hasFormatBesideTools, hasJsonSchema, thinkingConfig } from './gemini-generation.js';
import { canBeHeldTo, geminiSchema } from './gemini-schema.js';
import { googleConversation } from './google.contents.js';

/** Body of `generateContent`. Throws `ProviderError` with code `invalid_request` where it cannot be said. */
export function googleRequest(request: GenerationRequest): JsonObject {
  const { model } = request;
  const parameters = new Parameters(sendableParameters('google', model, request.parameters));
  const { system, contents } = googleConversation(readConversation(request.messages), model);
  const tools = readTools(parameters.get('tools'));
  const choice = readToolChoice(parameters.get('tool_choice'), tools);
  const format = formatSettings(wantedFormat(request), tools.length > 0, choice, model);
  if (format.words !== undefined) system.push({ text: format.words });
  const { generationConfig, ...extra } = objectIn(parameters.get('extra_body'));
  return defined({
    ...extra,
    ...(system.length > 0 ? { systemInstruction: { parts: system } } : {}),
    contents,
    ...toolSettings(tools, choice),
    generationConfig: { ...objectIn(generationConfig), ...generationSettings(parameters, model), ...format.settings },
  });
}

function generationSettings(parameters: Parameters, model: string): JsonObject {
  const effort = parameters.reasoningEffort;
  const given = parameters.get('thinking_config');
  return defined({
    temperature: parameters.number('temperature'),
    topP: parameters.number('top_p'),
    topK: parameters.number('top_k'),
    maxOutputTokens: parameters.maxTokens,
    stopSequences: parameters.stop,
    seed: parameters.number('seed'),
    presencePenalty: parameters.number('presence_penalty'),
    frequencyPenalty: parameters.number('frequency_penalty'),
    thinkingConfig: isObject(given) ? given : effort && thinkingConfig(effort, model),
  });
}

function toolSettings(tools: readonly FunctionTool[], choice: ToolChoice | undefined): JsonObject {
  if (tools.length === 0) return {};
  const functionDeclarations = tools.map(({ name, description, schema }) =>
    defined({ name, description, parametersJsonSchema: geminiSchema({ type: 'object', ...schema }) }),
  );
  const config = choice === undefined ? undefined : { functionCallingConfig: callingConfig(choice) };
  return defined({ tools: [{ functionDeclarations }], toolConfig: config });
}

function callingConfig(choice: ToolChoice): JsonObject {
  if (typeof choice === 'object') return { mode: 'ANY', allowedFunctionNames: [choice.name] };
  return { mode: choice === 'required' ? 'ANY' : choice.toUpperCase() };
}

/** How the answer is brought into its form. */
interface FormatSettings {
  /** For `generationConfig`. */
  readonly settings: JsonObject;
  /** For the system instruction. */
  readonly words?: string | undefined;
}

/** Natively where the model does, beside its tools if it has some; else by words. */
function formatSettings(
  wanted: WantedFormat,
  hasTools: boolean,
  choice: ToolChoice | undefined,
  model: string,
): FormatSettings {
  const words = formatInstructions(wanted);
  const isFree = choice === undefined || choice === 'auto' || choice === 'none';
  const isBarred = hasTools && !(isFree && hasFormatBesideTools(model));
  const way = wanted.type === 'schema' ? wanted.way : undefined;
  if (wanted.type === 'text' || isBarred || way === 'prompt') return { settings: {}, words };
  const json = { responseMimeType: 'application/json' };
  const isHeld = wanted.type === 'schema' && way !== 'json_mode' && hasJsonSchema(model) && canBeHeldTo(wanted.schema);
  if (!isHeld) return { settings: json, words };
  return { settings: { ...json, responseJsonSchema: geminiSchema(wanted.schema) } };
}

import type { Json, JsonObject } from '@headrace/contracts';
import type { GenerationRequest } from '../ai-provider.js';
import { badRequest } from '../chat/bad-request.js';
import { readConversation } from '../chat/conversation.js';
import { isObject } from '../chat/json.js';
import { Parameters } from '../chat/parameters.js';
import { readToolChoice, readTools, type ToolChoice } from '../chat/tools.js';
import { wantedFormat } from '../chat/wanted-format.js';
import { askedInWords } from '../openai-compatible/schema-in-prompt.js';
import { structuredWayParameter } from '../openai-compatible/structured-way.js';
import type { AiSdkCall } from './ai-sdk.port.js';
import { aiSdkPrompt } from './ai-sdk.prompt.js';

/** Values of parameters that ask for an answer of another form than the packages give. */
const impossible: Readonly<Record<string, (value: Json) => boolean>> = {
  n: (value) => value !== 1,
  logprobs: (value) => value !== false,
  top_logprobs: (value) => value !== 0,
  functions: () => true,
  function_call: () => true,
  audio: () => true,
};

/**
 * A call in the packages' words. Parameters that they have no word for are left out, because a workflow's parameters
 * go to its fallbacks too; `provider_options` go as they are. Throws `ProviderError` with code `invalid_request`.
 */
export function aiSdkCall(request: GenerationRequest, version: string, abortSignal: AbortSignal): AiSdkCall {
  const { parameters: given } = request;
  for (const [name, value] of Object.entries(given)) {
    if (value !== null && impossible[name]?.(value)) {
      throw badRequest(`Unsupported parameter ${name} for provider ${request.provider}: leave it out.`);
    }
  }
  const parameters = new Parameters(given);
  const tools = readTools(parameters.get('tools'));
  const choice = readToolChoice(parameters.get('tool_choice'), tools);
  return {
    prompt: aiSdkPrompt(readConversation(messagesOf(request)), version),
    abortSignal,
    ...withoutGaps({
      maxOutputTokens: parameters.maxTokens,
      temperature: parameters.number('temperature'),
      topP: parameters.number('top_p'),
      topK: parameters.number('top_k'),
      presencePenalty: parameters.number('presence_penalty'),
      frequencyPenalty: parameters.number('frequency_penalty'),
      seed: parameters.number('seed'),
      stopSequences: parameters.stop,
      responseFormat: formatOf(request),
      // Only version 4 has a word of its own for it.
      reasoning: version === 'v4' ? parameters.reasoningEffort : undefined,
      providerOptions: isObject(given.provider_options) ? given.provider_options : undefined,
      toolChoice: choice === undefined ? undefined : choiceOf(choice),
    }),
    ...(tools.length === 0
      ? {}
      : {
          tools: tools.map(({ name, description, schema, strict }) => ({
            ...{ type: 'function', name, inputSchema: schema },
            ...withoutGaps({ description, strict: version === 'v2' ? undefined : strict }),
          })),
        }),
  };
}

/**
 * Whether a package holds its models to a schema cannot be known, so the schema stands in the prompt too, unless
 * `structured_output_mode` says that it need not.
 */
function messagesOf({ messages, structuredOutput, parameters }: GenerationRequest): GenerationRequest['messages'] {
  if (!structuredOutput || parameters[structuredWayParameter] === 'json_schema') return messages;
  return askedInWords(messages, structuredOutput.schema.source);
}

function formatOf(request: GenerationRequest): JsonObject | undefined {
  const wanted = wantedFormat(request);
  if (wanted.type === 'text') return undefined;
  return wanted.type === 'json' ? { type: 'json' } : { type: 'json', schema: wanted.schema, name: wanted.name };
}

const choiceOf = (choice: ToolChoice): JsonObject =>
  typeof choice === 'object' ? { type: 'tool', toolName: choice.name } : { type: choice };

const withoutGaps = (options: Readonly<Record<string, Json | readonly string[] | undefined>>) =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));

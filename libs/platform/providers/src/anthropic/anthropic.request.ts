import type { JsonObject } from '@headrace/contracts';
import type { GenerationRequest } from '../ai-provider.js';
import { readConversation } from '../chat/conversation.js';
import { defined, objectIn, text } from '../chat/json.js';
import { Parameters } from '../chat/parameters.js';
import { sendableParameters } from '../parameters/native-parameters.js';
import type { AnswerForm } from './answer-form.js';
import { anthropicConversation } from './anthropic.messages.js';
import { thinkingSettings, type Thinking } from './anthropic.thinking.js';
import { isForced, toolSettings } from './anthropic.tools.js';
import { defaultMaxTokens, hasOneOfSampling } from './claude-generation.js';

/** Body of `POST /messages`. Throws `ProviderError` with code `invalid_request` where it cannot be said. */
export function anthropicRequest(request: GenerationRequest, form: AnswerForm, isStreamed: boolean): JsonObject {
  const { model, parameters } = request;
  const sendable = new Parameters(sendableParameters('anthropic', model, parameters));
  const { system, messages } = anthropicConversation(readConversation(request.messages), model);
  const maxTokens = sendable.maxTokens ?? defaultMaxTokens(model);
  const tools = toolSettings(sendable, form, model);
  const mustCall = isForced(objectIn(tools.tool_choice).type);
  const thinking = thinkingSettings(sendable, { model, maxTokens, isForced: mustCall, messages });
  const userId = text(parameters.safety_identifier) ?? text(parameters.user);
  if (form.by === 'words') system.push({ type: 'text', text: form.words });
  return defined({
    ...objectIn(sendable.get('extra_body')),
    model,
    max_tokens: maxTokens,
    system: system.length > 0 ? system : undefined,
    messages,
    stream: isStreamed,
    ...samplingSettings(sendable, thinking, model),
    stop_sequences: sendable.stop,
    metadata: userId === undefined ? undefined : { user_id: userId },
    ...tools,
    thinking: thinking.thinking,
    output_config: outputConfig(form, thinking),
  });
}

/** A model that thinks by a budget takes no sampling, and newer ones take temperature or top_p but not both. */
function samplingSettings(parameters: Parameters, { thinking }: Thinking, model: string): JsonObject {
  if (thinking?.type === 'enabled') return {};
  const temperature = parameters.number('temperature');
  return defined({
    temperature,
    top_p: temperature !== undefined && hasOneOfSampling(model) ? undefined : parameters.number('top_p'),
    top_k: parameters.number('top_k'),
  });
}

function outputConfig(form: AnswerForm, { effort }: Thinking): JsonObject | undefined {
  const format = form.by === 'format' ? { type: 'json_schema', schema: form.schema } : undefined;
  return format || effort ? defined({ format, effort }) : undefined;
}

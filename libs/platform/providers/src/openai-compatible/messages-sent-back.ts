import type { ChatMessage, Json, JsonObject } from '@headrace/contracts';
import { isObject, objectIn, text } from '../chat/json.js';
import type { ProviderPreset } from './provider-presets.js';

/** What differs between servers about the answers that a conversation sends back to them. */
export type SentBack = Pick<ProviderPreset, 'takesBack' | 'callId'>;

/** Members of messages that servers put there beyond content and calls, and that others refuse. */
const toldBeyond = [
  ...['refusal', 'annotations', 'audio', 'function_call', 'reasoning', 'reasoning_content', 'reasoning_details'],
] as const;

/**
 * The messages of a conversation as a server takes them: a request goes to its fallbacks too, and what one provider
 * wants back in the next turn, another refuses.
 */
export const messagesSentBack = (messages: readonly ChatMessage[], preset: SentBack): ChatMessage[] =>
  messages.map((message) => {
    if (message.role === 'assistant') return answerSentBack(message, preset);
    const id = text((message as JsonObject).tool_call_id);
    return preset.callId && id !== undefined ? { ...message, tool_call_id: preset.callId(id) } : message;
  });

function answerSentBack(message: ChatMessage & JsonObject, preset: SentBack): ChatMessage {
  const { tool_plan: _plan, reasoning_items: _items, ...sent } = message;
  // Without the model that thought, they are not ours but those of a gateway.
  if (sent.thinking_model !== undefined) {
    delete sent.thinking_model;
    delete sent.thinking_blocks;
  }
  const { takesBack } = preset;
  if (takesBack) for (const name of toldBeyond) if (!takesBack.includes(name)) delete sent[name];
  if (Array.isArray(sent.tool_calls)) sent.tool_calls = sent.tool_calls.map((call) => callSentBack(call, preset));
  return sent;
}

/** A signature goes back where it came from: one that names its model came from Gemini's own API. */
function callSentBack(call: Json, { callId }: SentBack): Json {
  if (!isObject(call)) return call;
  const { extra_content: extra, ...plain } = call;
  const isGemini = objectIn(objectIn(extra).google).model !== undefined;
  const id = text(call.id);
  return {
    ...(isGemini || extra === undefined ? plain : call),
    ...(callId && id !== undefined ? { id: callId(id) } : {}),
  };
}

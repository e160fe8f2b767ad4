import type { ChatMessage, Json, JsonObject } from '@headrace/contracts';
import { badRequest } from './bad-request.js';
import { readContent, type ContentPart } from './content-part.js';
import { objectIn, parsedObject, text } from './json.js';

/** A message of a conversation, read from OpenAI's form. */
export interface Turn {
  readonly role: 'system' | 'user' | 'assistant' | 'tool';
  readonly parts: readonly ContentPart[];
  /** What an assistant called. */
  readonly toolCalls: readonly ToolCall[];
  /** What a tool answers; empty for others. */
  readonly toolCallId: string;
  /** The message as it was written, for what one provider alone knows. */
  readonly source: JsonObject;
}

/** A call of a tool. */
export interface ToolCall {
  readonly id: string;
  readonly name: string;
  readonly input: JsonObject;
  readonly source: JsonObject;
}

/** Reads a conversation. Throws `ProviderError` with code `invalid_request` that names the field. */
export const readConversation = (messages: readonly ChatMessage[]): Turn[] =>
  messages.map((message, index) => readTurn(message as JsonObject, `messages[${index}]`));

function readTurn(source: JsonObject, field: string): Turn {
  const role = roleOf(source.role, field);
  const calls = role === 'assistant' && Array.isArray(source.tool_calls) ? source.tool_calls : [];
  const toolCallId = text(source.tool_call_id) ?? '';
  if (role === 'tool' && toolCallId === '') throw badRequest(`${field}.tool_call_id must name the call it answers.`);
  return {
    role,
    parts: readContent(source.content, `${field}.content`),
    toolCalls: calls.map((call, index) => readToolCall(call, `${field}.tool_calls[${index}]`)),
    toolCallId,
    source,
  };
}

function roleOf(role: Json | undefined, field: string): Turn['role'] {
  switch (role) {
    case 'system':
    case 'user':
    case 'assistant':
    case 'tool':
      return role;
    case 'developer':
      return 'system';
    default:
      throw badRequest(`${field}.role must be one of system, developer, user, assistant, tool.`);
  }
}

function readToolCall(call: Json, field: string): ToolCall {
  const source = objectIn(call);
  const { name, arguments: input = '' } = objectIn(source.function);
  if (typeof source.id !== 'string' || typeof name !== 'string' || typeof input !== 'string') {
    throw badRequest(`${field} must have id, function.name and function.arguments.`);
  }
  const parsed = input.trim() === '' ? {} : parsedObject(input);
  if (!parsed) throw badRequest(`${field}.function.arguments must be the text of a JSON object.`);
  return { id: source.id, name, input: parsed, source };
}

/** The text of a message whose other parts a provider cannot take in this place. */
export function onlyText(parts: readonly ContentPart[], place: string): string {
  return parts
    .map((part) => {
      if (part.type === 'text') return part.text;
      throw badRequest(`${part.media.field}: ${place} can only be text.`);
    })
    .join('\n');
}

import type { Json, JsonObject } from '@headrace/contracts';
import { badRequest } from '../chat/bad-request.js';
import type { ContentPart, Media } from '../chat/content-part.js';
import { onlyText, type Turn } from '../chat/conversation.js';
import { isObject, objectsIn, text as textOf } from '../chat/json.js';
import { isSameModel } from './claude-generation.js';

/** A conversation as the Messages API has it. */
export interface AnthropicConversation {
  readonly system: JsonObject[];
  readonly messages: JsonObject[];
}

interface Message {
  readonly role: 'user' | 'assistant';
  readonly content: JsonObject[];
}

/**
 * System messages go to `system`, wherever they stood, and neighbours of one role become one message: a user's
 * message must begin with the results of all tools that were called in the message before.
 */
export function anthropicConversation(turns: readonly Turn[], model: string): AnthropicConversation {
  const system: JsonObject[] = [];
  const messages: Message[] = [];
  for (const turn of turns) {
    if (turn.role === 'system') {
      onlyText(turn.parts, 'a system message');
      system.push(...turn.parts.map(blockOf));
      continue;
    }
    const role = turn.role === 'assistant' ? 'assistant' : 'user';
    const content = turn.role === 'tool' ? [resultBlock(turn)] : blocksOf(turn, model);
    if (content.length === 0) continue;
    const last = messages.at(-1);
    if (last?.role === role) last.content.push(...content);
    else messages.push({ role, content });
  }
  if (messages.length === 0) throw badRequest('messages must have a message of the user.');
  withoutTrailingSpace(messages.at(-1));
  const said = messages.filter(({ content }) => content.length > 0);
  return { system, messages: said.map(({ role, content }) => ({ role, content })) };
}

function blocksOf(turn: Turn, model: string): JsonObject[] {
  return [
    ...thoughtsOf(turn, model),
    ...turn.parts.map(blockOf),
    ...turn.toolCalls.map(({ id, name, input }) => ({ type: 'tool_use', id: callId(id), name, input })),
  ];
}

/** The thoughts of an answer of ours: with tools, the API wants them back unchanged and first, at the same model. */
function thoughtsOf({ role, source }: Turn, model: string): JsonObject[] {
  const isOwn = role === 'assistant' && isSameModel(textOf(source.thinking_model) ?? '', model);
  return isOwn ? objectsIn(source.thinking_blocks) : [];
}

const resultBlock = ({ toolCallId, parts }: Turn): JsonObject => ({
  type: 'tool_result',
  tool_use_id: callId(toolCallId),
  content: parts.map(blockOf),
});

/** Ids of other providers may have characters that this API refuses. */
const callId = (id: string): string => id.replace(/[^\w-]/g, '_');

function blockOf(part: ContentPart): JsonObject {
  if (part.type === 'media') return mediaBlock(part.media);
  const { cache_control: cache } = part.source;
  return { type: 'text', text: part.text, ...(isObject(cache) ? { cache_control: cache } : {}) };
}

function mediaBlock({ kind, content, field, name }: Media): JsonObject {
  if (kind === 'audio') throw badRequest(`${field}: Anthropic's models do not take audio.`);
  const isText = 'data' in content && content.mediaType.startsWith('text/');
  const source: JsonObject =
    'url' in content
      ? { type: 'url', url: content.url }
      : isText
        ? { type: 'text', media_type: 'text/plain', data: Buffer.from(content.data, 'base64').toString('utf8') }
        : { type: 'base64', media_type: content.mediaType, data: content.data };
  const isImage = kind === 'image' || ('data' in content && content.mediaType.startsWith('image/'));
  return isImage ? { type: 'image', source } : { type: 'document', source, ...(name ? { title: name } : {}) };
}

/** The beginning of an answer that the model is to go on with must not end in white space. */
function withoutTrailingSpace(last: Message | undefined): void {
  const block = last?.role === 'assistant' ? last.content.at(-1) : undefined;
  const text: Json | undefined = block?.text;
  if (!last || !block || typeof text !== 'string') return;
  block.text = text.trimEnd();
  if (block.text === '') last.content.pop();
}

import type { JsonObject } from '@headrace/contracts';
import { badRequest } from '../chat/bad-request.js';
import type { ContentPart, Media } from '../chat/content-part.js';
import { onlyText, type Turn } from '../chat/conversation.js';
import { defined, text } from '../chat/json.js';

/** The messages as Cohere has them: all system instructions are one message, the first. */
export function cohereMessages(turns: readonly Turn[], instructions: string | undefined): JsonObject[] {
  const isSystem = ({ role }: Turn): boolean => role === 'system';
  const system = [...turns.filter(isSystem).map(({ parts }) => onlyText(parts, 'a system message')), instructions ?? '']
    .filter((part) => part !== '')
    .join('\n\n');
  const messages = turns.filter((turn) => !isSystem(turn) && !saysNothing(turn)).map(messageOf);
  if (messages.length === 0) throw badRequest('messages must have a message of the user.');
  return [...(system === '' ? [] : [{ role: 'system', content: system }]), ...messages];
}

/** An answer of nothing, which the API refuses. */
const saysNothing = ({ role, parts, toolCalls }: Turn): boolean =>
  role === 'assistant' && parts.length === 0 && toolCalls.length === 0;

function messageOf(turn: Turn): JsonObject {
  const { role, parts, toolCallId } = turn;
  switch (role) {
    case 'tool':
      return { role, tool_call_id: toolCallId, content: onlyText(parts, 'the result of a tool') };
    case 'assistant':
      return assistantMessage(turn);
    default: {
      const isPlain = parts.every(({ type }) => type === 'text');
      return { role: 'user', content: isPlain ? onlyText(parts, 'a message') : parts.map(partOf) };
    }
  }
}

/** What is said beside calls of tools is the plan for them. */
function assistantMessage({ parts, toolCalls, source }: Turn): JsonObject {
  const said = onlyText(parts, 'an answer');
  if (toolCalls.length === 0) return { role: 'assistant', content: said };
  return defined({
    role: 'assistant',
    tool_plan: text(source.tool_plan) ?? (said === '' ? undefined : said),
    tool_calls: toolCalls.map(({ id, name, input }) => ({
      id,
      type: 'function',
      function: { name, arguments: JSON.stringify(input) },
    })),
  });
}

const partOf = (part: ContentPart): JsonObject =>
  part.type === 'text' ? { type: 'text', text: part.text } : imagePart(part.media);

function imagePart({ kind, content, field, detail }: Media): JsonObject {
  if (kind !== 'image') throw badRequest(`${field}: Cohere's models take texts and images only.`);
  const url = 'url' in content ? content.url : `data:${content.mediaType};base64,${content.data}`;
  return { type: 'image_url', image_url: defined({ url, detail }) };
}

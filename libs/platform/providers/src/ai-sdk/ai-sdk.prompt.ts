import type { JsonObject } from '@headrace/contracts';
import type { ContentPart, Media } from '../chat/content-part.js';
import { onlyText, type Turn } from '../chat/conversation.js';
import { badRequest } from '../chat/bad-request.js';
import type { AiSdkMessage } from './ai-sdk.port.js';

type Part = Readonly<Record<string, unknown>>;

/** A conversation in the packages' words; `version` of their interface. */
export function aiSdkPrompt(turns: readonly Turn[], version: string): AiSdkMessage[] {
  const names = new Map(turns.flatMap(({ toolCalls }) => toolCalls.map(({ id, name }) => [id, name] as const)));
  return turns.map((turn): AiSdkMessage => {
    const { role, parts } = turn;
    switch (role) {
      case 'system':
        return { role, content: onlyText(parts, 'a system message') };
      case 'user':
        return { role, content: parts.map((part) => partOf(part, version)) };
      case 'assistant':
        return { role, content: [...parts.map((part) => partOf(part, version)), ...callsOf(turn)] };
      case 'tool':
        return { role, content: [resultOf(turn, names)] };
    }
  });
}

const callsOf = ({ toolCalls }: Turn): JsonObject[] =>
  toolCalls.map(({ id, name, input }) => ({ type: 'tool-call', toolCallId: id, toolName: name, input }));

function resultOf({ parts, toolCallId }: Turn, names: ReadonlyMap<string, string>): JsonObject {
  const toolName = names.get(toolCallId);
  if (toolName === undefined) {
    throw badRequest(`tool_call_id "${toolCallId.slice(0, 64)}" must be the id of a call that stands before it.`);
  }
  const output = { type: 'text', value: onlyText(parts, 'the result of a tool') };
  return { type: 'tool-result', toolCallId, toolName, output };
}

function partOf(part: ContentPart, version: string): Part {
  if (part.type === 'text') return { type: 'text', text: part.text };
  const { kind, content, name } = part.media;
  const filename = name === undefined ? {} : { filename: name };
  if ('url' in content) {
    const url = new URL(content.url);
    return {
      type: 'file',
      mediaType: mediaTypeOf(kind),
      data: version === 'v4' ? { type: 'url', url } : url,
      ...filename,
    };
  }
  const { mediaType, data } = content;
  return { type: 'file', mediaType, data: version === 'v4' ? { type: 'data', data } : data, ...filename };
}

/** Of a URL only the kind is known. */
const mediaTypeOf = (kind: Media['kind']): string => (kind === 'file' ? 'application/pdf' : `${kind}/*`);

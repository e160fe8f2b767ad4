import type { JsonObject } from '@headrace/contracts';
import { badRequest } from '../chat/bad-request.js';
import type { ContentPart, Media } from '../chat/content-part.js';
import { onlyText, type ToolCall, type Turn } from '../chat/conversation.js';
import { defined, objectIn, parsedObject, text } from '../chat/json.js';
import { hasThoughtSignatures, isSameModel } from './gemini-generation.js';

/** A conversation as Gemini has it. */
export interface GoogleConversation {
  /** Parts of the system instruction. */
  readonly system: JsonObject[];
  readonly contents: JsonObject[];
}

interface Content {
  readonly role: 'user' | 'model';
  readonly parts: JsonObject[];
}

/** System messages go to the system instruction, and neighbours of one role become one content. */
export function googleConversation(turns: readonly Turn[], model: string): GoogleConversation {
  const system: JsonObject[] = [];
  const contents: Content[] = [];
  const names = new Map(turns.flatMap(({ toolCalls }) => toolCalls.map(({ id, name }) => [id, name] as const)));
  for (const turn of turns) {
    if (turn.role === 'system') {
      const instructions = onlyText(turn.parts, 'a system message');
      if (instructions !== '') system.push({ text: instructions });
      continue;
    }
    const role = turn.role === 'assistant' ? 'model' : 'user';
    const parts = turn.role === 'tool' ? [resultPart(turn, names, model)] : partsOf(turn, model);
    if (parts.length === 0) continue;
    const last = contents.at(-1);
    if (last?.role === role) last.parts.push(...parts);
    else contents.push({ role, parts });
  }
  if (contents.length === 0) throw badRequest('messages must have a message of the user.');
  return { system, contents: contents.map(({ role, parts }) => ({ role, parts })) };
}

const partsOf = ({ parts, toolCalls }: Turn, model: string): JsonObject[] => [
  ...parts.map(partOf),
  ...toolCalls.map((call, index) => callPart(call, index === 0, model)),
];

const partOf = (part: ContentPart): JsonObject => (part.type === 'text' ? { text: part.text } : mediaPart(part.media));

function mediaPart({ content, kind }: Media): JsonObject {
  if ('data' in content) return { inlineData: { mimeType: content.mediaType, data: content.data } };
  const mimeType = mediaTypeOf(content.url) ?? (kind === 'image' ? 'image/jpeg' : undefined);
  return { fileData: defined({ mimeType, fileUri: content.url }) };
}

const mediaTypes: ReadonlyMap<string, string> = new Map<string, string>([
  ...(['png', 'webp', 'gif', 'heic'] as const).map((name) => [name, `image/${name}`] as const),
  ...(['wav', 'mp3', 'ogg', 'flac'] as const).map((name) => [name, `audio/${name}`] as const),
  ...([
    ['pdf', 'application/pdf'],
    ['mp4', 'video/mp4'],
    ['txt', 'text/plain'],
  ] as const),
]);

/** Read from the end of a URL's path. */
const mediaTypeOf = (url: string): string | undefined =>
  mediaTypes.get((/\.(\w+)(?:[?#]|$)/.exec(url)?.[1] ?? '').toLowerCase());

/** What stands in for a signature that is lost or another model's; the API documents it for that. */
const noSignature = 'skip_thought_signature_validator';

function callPart({ id, name, input, source }: ToolCall, isFirst: boolean, model: string): JsonObject {
  if (!hasThoughtSignatures(model)) return { functionCall: { name, args: input } };
  const google = objectIn(objectIn(source.extra_content).google);
  const own = isSameModel(text(google.model) ?? model, model) ? text(google.thought_signature) : undefined;
  // Of calls made together only the first is signed.
  const thoughtSignature = own ?? (isFirst ? noSignature : undefined);
  return defined({ functionCall: { id, name, args: input }, thoughtSignature });
}

function resultPart({ toolCallId, parts }: Turn, names: ReadonlyMap<string, string>, model: string): JsonObject {
  const name = names.get(toolCallId);
  if (name === undefined) throw badRequest(`messages: no tool call has the id "${toolCallId.slice(0, 64)}".`);
  const result = onlyText(parts, 'the result of a tool');
  const response = parsedObject(result) ?? { output: result };
  return { functionResponse: { ...(hasThoughtSignatures(model) ? { id: toolCallId } : {}), name, response } };
}

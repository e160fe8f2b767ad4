import type { Json, JsonObject } from '@headrace/contracts';
import { badRequest } from '../chat/bad-request.js';
import type { ContentPart, Media } from '../chat/content-part.js';
import { onlyText, type Turn } from '../chat/conversation.js';
import { defined, objectsIn, text } from '../chat/json.js';

/** A conversation as the items that the Responses API takes for its `input`. */
export const responsesInput = (turns: readonly Turn[]): JsonObject[] => turns.flatMap(itemsOf);

function itemsOf({ role, parts, toolCalls, toolCallId, source }: Turn): JsonObject[] {
  switch (role) {
    case 'system':
      return [{ role: source.role === 'developer' ? 'developer' : 'system', content: parts.map(partOf) }];
    case 'user':
      return [{ role, content: parts.map(partOf) }];
    case 'tool':
      return [{ type: 'function_call_output', call_id: toolCallId, output: onlyText(parts, 'the result of a tool') }];
    case 'assistant': {
      const said = onlyText(parts, 'a message of the assistant');
      return [
        // What a reasoning model thought before it called tools, as this API gave it.
        ...objectsIn(source.reasoning_items),
        ...(said === '' ? [] : [{ role, content: said }]),
        ...toolCalls.map(({ id, name, input }) => ({
          ...{ type: 'function_call', call_id: id, name, arguments: JSON.stringify(input) },
        })),
      ];
    }
  }
}

function partOf(part: ContentPart): JsonObject {
  if (part.type === 'text') return { type: 'input_text', text: part.text };
  const { media } = part;
  switch (media.kind) {
    case 'image':
      return { type: 'input_image', image_url: addressOf(media), detail: media.detail ?? 'auto' };
    case 'file':
      return fileOf(media);
    case 'audio':
      throw badRequest(`${media.field}: the Responses API takes no audio. Use the provider openai for it.`);
  }
}

function fileOf(media: Media): JsonObject {
  return 'url' in media.content
    ? { type: 'input_file', file_url: media.content.url }
    : { type: 'input_file', filename: media.name ?? 'file', file_data: addressOf(media) };
}

const addressOf = ({ content }: Media): string =>
  'url' in content ? content.url : `data:${content.mediaType};base64,${content.data}`;

/** Tools: functions are flat here, and strict unless it is said that they are not; other kinds go as they are. */
export function responsesTools(tools: Json | undefined): JsonObject[] | undefined {
  if (tools === undefined || tools === null) return undefined;
  if (!Array.isArray(tools)) throw badRequest('tools must be a list.');
  return objectsIn(tools).map((tool, index) => {
    const [inner] = objectsIn([tool.function ?? null]);
    if (tool.type !== 'function' || !inner) return tool;
    if (text(inner.name) === undefined) throw badRequest(`tools[${index}].function.name must be a text.`);
    const { name, description, parameters, strict } = inner;
    return defined({
      ...{ type: 'function', name, description },
      parameters: parameters ?? { type: 'object', properties: {} },
      strict: strict ?? false,
    });
  });
}

/** `tool_choice`: a function is named without a wrapper here; words and other kinds go as they are. */
export function responsesToolChoice(choice: Json | undefined): Json | undefined {
  const [named] = objectsIn([choice ?? null]);
  const [inner] = objectsIn([named?.function ?? null]);
  return inner ? { type: 'function', name: inner.name ?? null } : choice;
}

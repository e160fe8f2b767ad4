import type { ChatMessage, Json } from '@headrace/contracts';

/** What a model is told that knows no schemas. Some providers want the word JSON in the prompt for their JSON mode. */
export const schemaInWords = (schema: Json): string =>
  `Answer with JSON only: no other text, no code fence. It must fit this JSON Schema:\n${JSON.stringify(schema)}`;

/** The conversation with the schema told in words, after the system instructions that it begins with. */
export function askedInWords(messages: readonly ChatMessage[], schema: Json): ChatMessage[] {
  const first = messages.findIndex(({ role }) => role !== 'system');
  const at = first === -1 ? messages.length : first;
  return [...messages.slice(0, at), { role: 'system', content: schemaInWords(schema) }, ...messages.slice(at)];
}

/** A schema's name as OpenAI takes it: letters, digits, `_` and `-`, at most 64 of them. */
export const schemaName = (name: string): string => name.replace(/[^A-Za-z0-9_-]+/g, '_').slice(0, 64) || 'response';

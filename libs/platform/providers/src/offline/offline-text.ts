import { isJsonObject, type ChatMessage, type Json } from '@headrace/contracts';

const longestQuote = 200;

/** What the offline provider says when no schema is asked for. */
export function offlineText(workflow: string, messages: readonly ChatMessage[]): string {
  const asked = messages.findLast(({ role }) => role === 'user') ?? messages.at(-1);
  const text = contentText(asked?.content ?? '').trim();
  const quote = text.length > longestQuote ? `${text.slice(0, longestQuote)}…` : text;
  return `This is the offline provider answering for ${workflow}. You wrote: ${quote === '' ? '(nothing)' : quote}`;
}

/** The text of a message's content, parts joined. */
export function contentText(content: Json): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content
    .map((part) => (isJsonObject(part) ? part.text : part))
    .filter((text) => typeof text === 'string')
    .join(' ');
}

/** A rough count, four characters a token: enough to fill graphs and budgets. */
export const tokensIn = (characters: number): number => Math.ceil(characters / 4);

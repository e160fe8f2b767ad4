/** Server event that carries text of an answer while it is generated (CONTRACT section 3). */
export const tokensEvent = 'tokens';

/** Longest text of one event, in characters. */
const mostCharacters = 16 * 1024;

/** Where the text of one event ends that begins at `from`: as much of it as one event may have, and no half character. */
export function endOfTokens(text: string, from = 0): number {
  const end = from + mostCharacters;
  if (end >= text.length) return text.length;
  return isHighSurrogate(text.charCodeAt(end - 1)) ? end - 1 : end;
}

const isHighSurrogate = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdbff;

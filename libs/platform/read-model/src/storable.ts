/** What stands in for a character that Postgres cannot store. */
const replacement = '\uFFFD';

/** JSON text that `jsonb` refuses: an escaped NUL or half of a surrogate pair. Finds too much rather than too little. */
const suspicious = /\\u0000|\\ud[89a-f]/i;

/** A text as Postgres can store it: without NUL. */
export const storableText = (text: string): string => (text.includes('\0') ? text.replaceAll('\0', replacement) : text);

/** A JSON value as text that `jsonb` takes; one event with an odd character must not hold up the others. */
export function storableJson(value: unknown): string {
  const text = JSON.stringify(value ?? null);
  return suspicious.test(text) ? JSON.stringify(cleaned(value)) : text;
}

function cleaned(value: unknown): unknown {
  if (typeof value === 'string') return storableText(value).toWellFormed();
  if (Array.isArray(value)) return value.map(cleaned);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => [storableText(key).toWellFormed(), cleaned(entry)]),
  );
}

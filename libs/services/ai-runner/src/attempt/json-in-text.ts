import type { Json } from '@headrace/contracts';

/** A model that wraps its answer wraps it once or twice; who writes more has not given an answer. */
const mostValues = 10;
const mostFences = 100;
const fence = '```';
const openingFence = /```[A-Za-z]*[^\S\n]*\n/g;

/**
 * The JSON values in a text that a model wrote: the text itself, or what it has between fences, or objects and arrays
 * within prose. None when the text has no JSON in it, or so many values that none of them is the answer.
 */
export function jsonIn(text: string): Json[] {
  const whole = parsed(text);
  if (whole !== undefined) return [whole];
  const fenced = fencedIn(text).flatMap((inside) => parsed(inside) ?? []);
  const values = fenced.length > 0 ? fenced : embedded(text);
  return values.length > mostValues ? [] : values;
}

/** What stands between fences. Looks at no character twice: models that lose their way write white space without end. */
function fencedIn(text: string): string[] {
  const found: string[] = [];
  const opening = new RegExp(openingFence);
  while (found.length <= mostFences && opening.test(text)) {
    const end = text.indexOf(fence, opening.lastIndex);
    if (end < 0) break;
    found.push(text.slice(opening.lastIndex, end));
    opening.lastIndex = end + fence.length;
  }
  return found;
}

/** Objects and arrays that stand in a text, those within one another left out. */
function embedded(text: string): Json[] {
  const values: Json[] = [];
  for (let tries = 0, at = nextOpening(text, 0); at >= 0 && tries <= mostValues; tries += 1) {
    const end = closingOf(text, at);
    const value = end < 0 ? undefined : parsed(text.slice(at, end + 1));
    if (value !== undefined) values.push(value);
    // What begins like JSON and is none, such as "[1]" in prose or "{name}", may hold the answer no more than it.
    at = nextOpening(text, end < 0 || value === undefined ? at + 1 : end + 1);
  }
  return values;
}

function nextOpening(text: string, from: number): number {
  const [object, array] = [text.indexOf('{', from), text.indexOf('[', from)];
  return object < 0 || array < 0 ? Math.max(object, array) : Math.min(object, array);
}

/** Where the bracket at `start` closes, brackets in strings not counted; -1: nowhere. */
function closingOf(text: string, start: number): number {
  let depth = 0;
  let isString = false;
  for (let at = start; at < text.length; at += 1) {
    const character = text[at];
    if (isString) {
      if (character === '\\') at += 1;
      else if (character === '"') isString = false;
    } else if (character === '"') isString = true;
    else if (character === '{' || character === '[') depth += 1;
    else if (character === '}' || character === ']') depth -= 1;
    if (depth === 0) return at;
  }
  return -1;
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

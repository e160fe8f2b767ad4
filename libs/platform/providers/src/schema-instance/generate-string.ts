import type { JsonObject } from '@headrace/contracts';
import { formatText } from './format-text.js';
import { asNumber, NoInstance, type InstanceContext } from './instance-context.js';
import { patternText } from './pattern-text.js';

const words =
  'amber brook cedar delta ember field grove harbor island jasper lantern meadow north orchard river stone'.split(' ');

/** A text for a flat schema: by pattern, else by format, else some words. Throws `NoInstance`. */
export function generateString(schema: JsonObject, context: InstanceContext): string {
  const { random, budget } = context;
  const least = Math.max(0, Math.ceil(asNumber(schema.minLength) ?? 0));
  const most = Math.floor(asNumber(schema.maxLength) ?? Infinity);
  if (least > most) throw new NoInstance('No text is long and short enough for the schema.');
  budget.spend(least);
  if (typeof schema.pattern === 'string') return fromPattern(schema.pattern, least, most, context);
  const formatted = typeof schema.format === 'string' ? formatText(schema.format, random) : undefined;
  if (formatted !== undefined) return formatted;
  const wanted = Math.max(least, 1);
  let text = '';
  for (let count = random.integer(2, 3); count > 0 || text.length < wanted; count -= 1) {
    text += `${text === '' ? '' : ' '}${random.pick(words)}`;
  }
  return text.length <= most ? text : text.slice(0, most);
}

function fromPattern(pattern: string, least: number, most: number, { random, budget }: InstanceContext): string {
  for (let tries = 0; tries < 20; tries += 1) {
    // Longer texts need more repetitions; shorter ones come when the spread is small.
    const spread = tries < 4 ? 4 : tries * 2 + (tries % 2 === 0 ? least : 0);
    const text = patternText(pattern, random, tries % 5 === 4 ? 0 : spread, budget);
    const padded = isOpen(pattern) ? text.padEnd(least, 'a') : text;
    if (padded.length >= least && padded.length <= most) return padded;
  }
  throw new NoInstance(`No text of the right length can be made up for the pattern ${pattern}.`);
}

/** Whether anything may follow what the pattern matches. */
const isOpen = (pattern: string): boolean => !pattern.includes('$');

import type { Json } from '@headrace/contracts';
import { objectIn } from '../chat/json.js';

/** Harms by which Azure's filter withheld something, with how bad it found them: `hate (medium)`. */
export function filteredHarms(results: Json | undefined): string[] {
  return Object.entries(objectIn(results)).flatMap(([harm, result]) => {
    const { filtered, severity } = objectIn(result);
    if (filtered !== true) return [];
    const name = harm.replaceAll('_', ' ');
    return [typeof severity === 'string' ? `${name} (${severity})` : name];
  });
}

/** Those harms as they follow on a sentence without its full stop. */
export function becauseOf(results: Json | undefined): string {
  const harms = filteredHarms(results);
  return harms.length === 0 ? '' : `: ${harms.join(', ').slice(0, 200)}`;
}

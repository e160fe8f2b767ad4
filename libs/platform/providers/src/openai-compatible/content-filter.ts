import type { Json } from '@headrace/contracts';

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

const objectIn = (value: Json | undefined): Readonly<Record<string, Json>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};

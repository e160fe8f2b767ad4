import type { Json } from '@headrace/contracts';

/** Whether a value is nested more than so many levels deep. Without recursion: it guards those that recurse. */
export function isDeeperThan(levels: number, value: Json): boolean {
  let level: Json[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > levels) return true;
    level = level.flatMap((entry) => (typeof entry === 'object' && entry !== null ? Object.values(entry) : []));
  }
  return false;
}

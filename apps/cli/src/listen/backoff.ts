const firstMs = 500;
const longestMs = 5_000;

/**
 * Milliseconds before connection attempt `number` (from 1) after a loss: doubled each time, up to a limit, and spread
 * by chance, so that the clients of a server that restarts do not come back in one moment.
 */
export function backoffMs(number: number, chance: number = Math.random()): number {
  const full = Math.min(longestMs, firstMs * 2 ** (number - 1));
  return Math.round(full * (0.5 + chance / 2));
}

const firstMs = 100;
const longestMs = 10_000;
/** A hub that restarts closes all its sockets at once: they come back spread over this time. */
const restartSpreadMs = 3_000;
/** Service restart, and try again later. */
const restartCodes: readonly (number | undefined)[] = [1012, 1013];

/**
 * Milliseconds before the next try, doubled by each failure in a row and never quite the same, so that those who were
 * cut together do not come back together.
 */
export function retryDelay(failures: number, closeCode?: number): number {
  if (failures === 0 && restartCodes.includes(closeCode)) return Math.random() * restartSpreadMs;
  return Math.min(firstMs * 2 ** failures, longestMs) * (0.5 + Math.random() / 2);
}

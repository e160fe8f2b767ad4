const minute = 60_000;
const longestMs = 240 * minute;

/**
 * When a lane in which somebody waits is looked at: after 15 minutes, then twice as long each time, up to 4 hours.
 * Up to a quarter later, so that the lanes of one outage are not looked at all at once.
 */
export function watchAt(round: number, now = Date.now(), jitter = Math.random()): Date {
  const delay = Math.min(15 * minute * 2 ** round, longestMs);
  return new Date(now + delay * (1 + jitter / 4));
}

/** What is remembered of something that failed last. Times in milliseconds since 1970. */
export interface Illness {
  /** Failures since the last success. */
  failures: number;
  /** In the fewest words: `HTTP 503`, `timeout`. */
  lastFailure: string;
  /** Until when it is tried last; 0: it has not failed often enough. */
  until: number;
  /** How often it was found to be ill without getting well. */
  rounds: number;
  /** Until when somebody tries whether it is well again; 0: nobody does. */
  probedUntil: number;
}

const firstMs = 5_000;
const longestMs = 5 * 60_000;

/** Something that failed for the first time. */
export const anIllness = (): Illness => ({ failures: 0, lastFailure: '', until: 0, rounds: 0, probedUntil: 0 });

/** For how long it is tried last: 5 s, then twice as long each time, up to 5 min. */
export const illFor = (rounds: number): number => Math.min(firstMs * 2 ** rounds, longestMs);

/**
 * Notes a failure; true when it is ill from now on, or goes on to be. Failures of calls that were begun before it was
 * known add nothing: they are all of the same trouble.
 */
export function noteFailure(illness: Illness, what: string, mostFailures: number, now: number, scale: number): boolean {
  illness.failures += 1;
  illness.lastFailure = what;
  if (illness.failures < mostFailures || illness.until > now) return false;
  illness.until = now + illFor(illness.rounds) / scale;
  illness.rounds += 1;
  illness.probedUntil = 0;
  return true;
}

/** Notes for how long it asked to be left alone, in milliseconds. */
export function noteRest(illness: Illness, restMs: number, now: number): void {
  illness.until = Math.max(illness.until, now + Math.min(restMs, longestMs));
}

/** Whether it is to be tried last: it is ill, or somebody else is just finding out whether it still is. */
export const isTriedLast = ({ until, probedUntil }: Illness, now: number): boolean =>
  until !== 0 && (until > now || probedUntil > now);

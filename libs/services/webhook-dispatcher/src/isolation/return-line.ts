/** Deliveries of one endpoint that come back later, one after the other. Times in milliseconds since 1970. */
export interface ReturnLine {
  /** The time given to the last of them. */
  until: number;
}

/** How a delivery is put into a line. */
export interface ReturnTerms {
  readonly now: number;
  /** Not before this time. */
  readonly earliest: number;
  /** Between one and the next, in milliseconds. */
  readonly paceMs: number;
  /** How far ahead the line may grow, in milliseconds. */
  readonly longestMs: number;
}

/**
 * A time in the line: after all who were given one before, so that a long line does not come back all at once, again
 * and again. A line that is as long as it may be is not made longer: those for whom there is no place in it are spread
 * over its second half.
 */
export function timeInLine(line: ReturnLine, terms: ReturnTerms, random: () => number): number {
  const { now, earliest, paceMs, longestMs } = terms;
  const inTurn = Math.max(earliest, line.until + paceMs);
  const end = Math.max(earliest, now) + longestMs;
  if (inTurn > end) return Math.round(end - (longestMs / 2) * random());
  line.until = inTurn;
  return Math.ceil(inTurn);
}

/** Bounds of neighbouring buckets are a quarter of an octave apart: what is read from them is off by less than 19 %. */
const bucketsPerOctave = 4;

/** The bucket that a duration falls into: bucket `n` holds what is over its lower bound and not over its upper one. */
export function bucketOf(durationMs: number): number {
  return durationMs <= 1 ? 0 : Math.ceil(bucketsPerOctave * Math.log2(durationMs));
}

const upperBoundMs = (bucket: number): number => 2 ** (bucket / bucketsPerOctave);

/** How many durations fell into each bucket, and the longest of them all. */
export interface DurationHistogram {
  readonly counts: ReadonlyMap<number, number>;
  readonly maxMs: number;
}

/**
 * The duration that a share of all durations does not exceed (0.5: the median), in whole milliseconds.
 * Null when there are none.
 */
export function percentileMs({ counts, maxMs }: DurationHistogram, share: number): number | null {
  const buckets = [...counts].sort(([one], [other]) => one - other);
  const total = buckets.reduce((sum, [, count]) => sum + count, 0);
  if (total === 0) return null;
  const rank = Math.max(1, Math.ceil(share * total));
  let below = 0;
  for (const [bucket, count] of buckets) {
    if (below + count >= rank) {
      const lower = bucket === 0 ? 0 : upperBoundMs(bucket - 1);
      const within = lower + ((rank - below) / count) * (upperBoundMs(bucket) - lower);
      return Math.round(Math.min(within, maxMs));
    }
    below += count;
  }
  return Math.round(maxMs);
}

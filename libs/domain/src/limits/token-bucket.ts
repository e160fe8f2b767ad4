import type { RateLimit } from '@headrace/contracts';

/** What is left of a limit at a moment, in milliseconds since 1970. Tokens may be fractions. */
export interface TokenBucket {
  readonly tokens: number;
  readonly at: number;
}

/** How many tokens come back in a millisecond. */
const refillOf = ({ requests, seconds }: RateLimit): number => requests / (seconds * 1_000);

/** A bucket as it is at a later moment; one that was never used is full. A clock that goes back changes nothing. */
export function bucketAt(bucket: TokenBucket | undefined, limit: RateLimit, now: number): TokenBucket {
  if (!bucket) return { tokens: limit.requests, at: now };
  const elapsed = Math.max(0, now - bucket.at);
  return { tokens: Math.min(limit.requests, bucket.tokens + elapsed * refillOf(limit)), at: Math.max(now, bucket.at) };
}

/** Takes as many whole tokens as are there, and no more than are wanted. */
export function takeTokens(
  bucket: TokenBucket | undefined,
  limit: RateLimit,
  wanted: number,
  now: number,
): { readonly taken: number; readonly bucket: TokenBucket } {
  const current = bucketAt(bucket, limit, now);
  const taken = Math.max(0, Math.min(Math.floor(wanted), Math.floor(current.tokens)));
  return { taken, bucket: { ...current, tokens: current.tokens - taken } };
}

/** Milliseconds until a bucket has so many tokens; 0 when it has them. */
export function millisecondsUntil({ tokens }: TokenBucket, limit: RateLimit, wanted: number): number {
  // A fraction too small to matter is what division leaves over.
  return tokens >= wanted ? 0 : Math.ceil((wanted - tokens) / refillOf(limit) - 1e-6);
}

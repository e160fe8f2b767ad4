import type { RateLimit, RecordAddress } from '@headrace/contracts';
import { bucketAt, millisecondsUntil, takeTokens, type TokenBucket } from '@headrace/domain';
import { EventLogUnavailable, RecordConflict, type SharedRecords } from '@headrace/event-log';

/** What became of one request for a token. */
export interface TokenOutcome {
  readonly allowed: boolean;
  /** Tokens left, as far as this process knows. */
  readonly remaining: number;
  /** Milliseconds until the bucket is full again. */
  readonly fullInMs: number;
  /** Milliseconds until a token is there; 0 when the request was allowed. */
  readonly retryInMs: number;
}

/** What this process holds of a shared bucket. */
interface Share {
  /** Leased, and not used yet. */
  tokens: number;
  /** When leased tokens are void: an idle process must not keep them for a later burst. */
  voidAt: number;
  /** Before this nobody gets a token: spares the look at the shared bucket. */
  emptyUntil: number;
  /** As it was last read or written: others can only have taken more of it since. */
  known: { readonly bucket: TokenBucket | undefined; readonly revision: number } | undefined;
  leasing: Promise<void> | undefined;
  waiting: number;
}

/** Tokens are leased for what waits and for this much time of a bucket's flow, so that a fast flow leases 20 times a second. */
const leaseMs = 50;
const leaseGoodMs = 1_000;
const mostShares = 10_000;
/** With more writers than this at once nobody gets ahead by trying again. */
const mostConflicts = 50;

/**
 * Token buckets that all processes share. A bucket is a shared record; a process takes tokens out of it a few at a
 * time and hands them out by itself, so that a request waits for NATS only when the few are used up. Never more
 * tokens are handed out than the bucket had; some that were leased and not used within a second are lost.
 */
export class SharedBuckets {
  readonly #shares = new Map<string, Share>();

  constructor(
    private readonly records: SharedRecords,
    private readonly now: () => number = Date.now,
  ) {}

  /** Takes a token. When the shared bucket cannot be reached it is given: a limit must not take the service down. */
  take(address: RecordAddress, limit: RateLimit): TokenOutcome | Promise<TokenOutcome> {
    const share = this.#shareOf(address);
    return this.#takeHeld(share, limit) ?? this.#takeLeased(address, share, limit);
  }

  /** Gives back a token of a request that was refused for another reason. */
  giveBack(address: RecordAddress): void {
    const share = this.#shareOf(address);
    if (share.voidAt > this.now()) share.tokens += 1;
  }

  /** An answer without asking anybody; undefined when tokens must be leased first. */
  #takeHeld(share: Share, limit: RateLimit): TokenOutcome | undefined {
    const now = this.now();
    if (share.voidAt <= now) share.tokens = 0;
    if (share.tokens >= 1) {
      share.tokens -= 1;
      return this.#outcome(share, limit, true);
    }
    return share.emptyUntil > now ? this.#outcome(share, limit, false) : undefined;
  }

  async #takeLeased(address: RecordAddress, share: Share, limit: RateLimit): Promise<TokenOutcome> {
    for (;;) {
      share.waiting += 1;
      try {
        share.leasing ??= this.#lease(address, share, limit).finally(() => (share.leasing = undefined));
        await share.leasing;
      } catch (error) {
        if (error instanceof EventLogUnavailable || error instanceof RecordConflict)
          return this.#outcome(share, limit, true);
        throw error;
      } finally {
        share.waiting -= 1;
      }
      const held = this.#takeHeld(share, limit);
      if (held) return held;
    }
  }

  async #lease(address: RecordAddress, share: Share, limit: RateLimit): Promise<void> {
    // Those who come in the same turn of the event loop are counted, too.
    await Promise.resolve();
    for (let conflicts = 0; ; conflicts += 1) {
      const known = (share.known ??= await this.#read(address));
      const now = this.now();
      const wanted = Math.min(limit.requests, share.waiting + (leaseMs * limit.requests) / (limit.seconds * 1_000));
      const { taken, bucket } = takeTokens(known.bucket, limit, wanted, now);
      if (taken === 0) {
        share.emptyUntil = now + millisecondsUntil(bucket, limit, 1);
        return;
      }
      try {
        const options = { lifeMs: limit.seconds * 1_000 + 60_000, expectedRevision: known.revision };
        const revision = await this.records.write(address, { ...bucket }, options);
        Object.assign(share, { known: { bucket, revision }, tokens: share.tokens + taken, voidAt: now + leaseGoodMs });
        return;
      } catch (error) {
        if (!(error instanceof RecordConflict) || conflicts >= mostConflicts) throw error;
        share.known = undefined;
      }
    }
  }

  async #read(address: RecordAddress): Promise<NonNullable<Share['known']>> {
    const found = await this.records.read(address);
    return { bucket: found?.value as TokenBucket | undefined, revision: found?.revision ?? 0 };
  }

  #outcome({ tokens, known, emptyUntil }: Share, limit: RateLimit, allowed: boolean): TokenOutcome {
    const now = this.now();
    const shared = bucketAt(known?.bucket, limit, now).tokens;
    const left = { tokens: Math.min(limit.requests, shared + tokens), at: now };
    return {
      allowed,
      remaining: Math.floor(left.tokens),
      fullInMs: millisecondsUntil(left, limit, limit.requests),
      retryInMs: allowed ? 0 : Math.max(1, emptyUntil - now),
    };
  }

  #shareOf(address: RecordAddress): Share {
    const name = `${address.project}.${address.key}`;
    const held = this.#shares.get(name);
    if (held) return held;
    const share = { tokens: 0, voidAt: 0, emptyUntil: 0, known: undefined, leasing: undefined, waiting: 0 };
    this.#shares.set(name, share);
    if (this.#shares.size > mostShares) this.#forgetOldest();
    return share;
  }

  #forgetOldest(): void {
    for (const [name, { waiting }] of this.#shares) {
      if (waiting > 0) continue;
      this.#shares.delete(name);
      return;
    }
  }
}

import type { AddressPolicy } from '../address/address-policy.js';
import { OriginPool } from './origin-pool.js';

/** Limits of the pools of one process. */
export interface PoolLimits {
  readonly connectionsPerOrigin: number;
  readonly origins: number;
  /** Authorities (PEM) that are trusted, in place of the usual ones. */
  readonly ca?: string;
}

/** Keep-alive connections per origin, for a bounded number of origins: the least recently used one is closed. */
export class OriginPools {
  /** In order of use, the oldest first. */
  private readonly pools = new Map<string, OriginPool>();

  constructor(
    private readonly policy: AddressPolicy,
    private readonly limits: PoolLimits,
  ) {}

  /** The pool of an origin whose connections are made within `connectMs`. */
  of(origin: string, connectMs: number, http2: boolean): OriginPool {
    const key = `${http2 ? 'h2' : 'h1'} ${connectMs} ${origin}`;
    const existing = this.pools.get(key);
    // Moved to the young end, so that the first key is always the one unused for longest.
    if (existing) this.pools.delete(key);
    const pool = existing ?? this.open(origin, connectMs, http2);
    this.pools.set(key, pool);
    if (!existing && this.pools.size > this.limits.origins) this.closeOldest();
    return pool;
  }

  /** Ends all connections, idle or not. */
  async destroy(): Promise<void> {
    const pools = [...this.pools.values()];
    this.pools.clear();
    await Promise.all(pools.map(({ pool }) => pool.destroy()));
  }

  private open(origin: string, timeoutMs: number, http2: boolean): OriginPool {
    const { ca, connectionsPerOrigin } = this.limits;
    return new OriginPool(origin, this.policy, { timeoutMs, http2, ca }, connectionsPerOrigin);
  }

  private closeOldest(): void {
    const oldest = this.pools.entries().next().value;
    if (!oldest) return;
    this.pools.delete(oldest[0]);
    // What is in flight there still ends; only then are its sockets closed.
    void oldest[1].pool.close();
  }
}

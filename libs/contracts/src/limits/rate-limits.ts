/** So many requests at once, and as many again in so many seconds. */
export interface RateLimit {
  readonly requests: number;
  readonly seconds: number;
}

/** What a limit counts together: the project's requests, those of a key, of a `user_id`, or of an address. */
export const rateLimitScopes = ['key', 'user', 'ip', 'project'] as const;
export type RateLimitScope = (typeof rateLimitScopes)[number];

/** A project's rate limits; null: no such limit. `key`, `user` and `ip` hold for each key, user and address. */
export type RateLimits = Readonly<Record<RateLimitScope, RateLimit | null>> & {
  /** Limits of single keys, by their ids, in the place of `key`. */
  readonly keys: Readonly<Record<string, RateLimit>>;
  /** Most generations of the project at once; those beyond wait. Left out or null: as the operator says. */
  readonly concurrent?: number | null;
};

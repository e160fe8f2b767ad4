import type { RateLimit, RateLimitScope } from '@headrace/contracts';
import type { TokenOutcome } from './shared-buckets.js';

/** A limit that a request fell under, and what is left of it. */
export interface LimitState {
  readonly scope: RateLimitScope;
  readonly limit: RateLimit;
  readonly outcome: TokenOutcome;
}

const seconds = (milliseconds: number): number => Math.ceil(milliseconds / 1_000);

/**
 * What is left, twice: all limits in the fields of the IETF's draft (draft-ietf-httpapi-ratelimit-headers-10), and the
 * nearest one in the `X-RateLimit-*` that most clients read. Resets are seconds from now.
 */
export function rateLimitHeaders(states: readonly LimitState[]): Record<string, string> {
  const [first, ...others] = states;
  if (!first) return {};
  const nearest = others.reduce((one, other) => (shareLeft(other) < shareLeft(one) ? other : one), first);
  return {
    'ratelimit-policy': states
      .map(({ scope, limit }) => `"${scope}";q=${limit.requests};w=${limit.seconds}`)
      .join(', '),
    ratelimit: states
      .map(({ scope, outcome }) => `"${scope}";r=${outcome.remaining};t=${seconds(outcome.fullInMs)}`)
      .join(', '),
    'x-ratelimit-limit': String(nearest.limit.requests),
    'x-ratelimit-remaining': String(nearest.outcome.remaining),
    'x-ratelimit-reset': String(seconds(nearest.outcome.fullInMs)),
  };
}

/** A refused limit is nearer than any that lets through. */
const shareLeft = ({ limit, outcome }: LimitState): number =>
  outcome.allowed ? outcome.remaining / limit.requests : -1;

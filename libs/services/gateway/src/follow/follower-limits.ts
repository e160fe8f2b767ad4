import {
  ApiError,
  RealtimeSettings,
  sharesBy,
  SharesInUse,
  untilJoinsBeginAnew,
  type Share,
  type ShareKind,
} from '@headrace/http';
import { Injectable } from '@nestjs/common';
import type { Follower } from './follower.js';

/** How soon a place may be free again, in milliseconds: clients come and go. */
const placeRetryMs = 5_000;
const noShares: readonly Share[] = [];

const whose: Readonly<Record<ShareKind, string>> = {
  address: 'of this address',
  token: "with this channel's tokens",
  project: 'of this project',
};

/**
 * Holds clients that follow over HTTP to the limits of sockets: each counts as a socket while it follows, and as a join
 * when it begins. Sockets of the same process are counted with them.
 */
@Injectable()
export class FollowerLimits {
  private readonly sharesOf: ((follower: Follower) => readonly Share[]) | undefined;

  constructor(
    settings: RealtimeSettings,
    private readonly inUse: SharesInUse,
  ) {
    this.sharesOf = sharesBy(settings, {
      address: ({ address }: Follower) => address,
      // Who has a key does not need the limit of what a page may do with a token.
      token: ({ ids, keyId }: Follower) => (keyId === null ? ids.channel : undefined),
      project: ({ ids }: Follower) => ids.project,
    });
  }

  /** Counts a client in, until the function that it returns is called, once. Errors: `rate_limit_exceeded`. */
  enter(follower: Follower): () => void {
    const shares = this.sharesOf?.(follower) ?? noShares;
    const now = Date.now();
    const crowded = this.inUse.fullForSocket(shares);
    if (crowded) {
      throw refusal(
        crowded,
        `${crowded.mostSockets} clients ${whose[crowded.what]} follow at the moment`,
        placeRetryMs,
      );
    }
    const hasty = this.inUse.fullForJoin(shares, now);
    if (hasty) {
      const what = `${hasty.mostJoins} times within a minute clients ${whose[hasty.what]} began to follow`;
      throw refusal(hasty, what, untilJoinsBeginAnew(now));
    }
    this.inUse.opened(shares);
    return () => this.inUse.closed(shares);
  }
}

function refusal({ what }: Share, reason: string, retryMs: number): ApiError {
  const seconds = Math.max(1, Math.ceil(retryMs / 1_000));
  const message = `${reason}; more are not allowed. Try again in ${seconds} s.`;
  return new ApiError('rate_limit_exceeded', message, {
    details: [{ param: what, message }],
    headers: { 'retry-after': String(seconds) },
  });
}

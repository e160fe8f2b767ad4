import { realtimeJoined, requestCompleted, requestFailed, type DataOf } from '@headrace/contracts';
import type { TimelineEvent } from '../timeline/timeline-event.js';

/** What the log says of a channel whose token's own time is over. */
export interface UsedTokenEvidence {
  /** Last decision event of the request; undefined when the log no longer has it. */
  readonly request: TimelineEvent | undefined;
  /** Facts of the channel's sockets. */
  readonly realtime: readonly TimelineEvent[];
}

/**
 * Whether an expired token is still good (CONTRACT section 3): its channel was joined while the token's own time
 * ran, and the request goes on or ended less than `graceMs` ago. `expiresAt` is in unix seconds.
 *
 * Decided from the log alone, so that it holds on every replica and after a restart.
 */
export function isStillGood(expiresAt: number, evidence: UsedTokenEvidence, now: Date, graceMs: number): boolean {
  const { request, realtime } = evidence;
  if (request === undefined) return false;
  const ended = request.type === requestCompleted.type || request.type === requestFailed.type;
  if (ended && now.getTime() - Date.parse(request.time) >= graceMs) return false;
  return realtime.some((fact) => {
    if (fact.type !== realtimeJoined.type) return false;
    const { joinedAt } = fact.data as DataOf<typeof realtimeJoined>;
    return Date.parse(joinedAt) < expiresAt * 1_000;
  });
}

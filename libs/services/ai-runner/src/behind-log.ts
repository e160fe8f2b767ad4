import type { Recorded } from '@headrace/event-log';

/** By then a replica has caught up; what it does not have is not there. */
const mostLooks = 3;

/**
 * Whether a read of a request's last event came from a replica that does not have yet what is known to be stored at
 * `revision`. `looks`: how often it was looked for, this time included.
 */
export const isBehind = (last: Recorded | undefined, revision: number, looks: number): boolean =>
  (last?.sequence ?? 0) < revision && looks < mostLooks;

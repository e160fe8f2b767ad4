import type { DeliveryState, RetryPolicy } from '@headrace/domain';
import type { Refusal } from './endpoint-gate.js';

/** A delivery whose attempt is due and cannot be made. Times in milliseconds since 1970. */
export interface Parked {
  readonly reason: Refusal['reason'];
  readonly state: DeliveryState;
  readonly plannedAt: string;
  readonly policy: RetryPolicy;
  readonly timeScale: number;
  readonly now: number;
}

const second = 1_000;
const hour = 3_600 * second;
const day = 24 * hour;

/** At least this long an endpoint that fails is waited for, however short its retry schedule. */
const shortestPatienceMs = 6 * hour;
/** The log keeps what is to be sent for 30 days; a delivery has to end while it does. */
const longestLifeMs = 25 * day;
const shortestLookMs = 5 * second;
const longestLookMs = 900 * second;

/** Since when the attempt that cannot be made has been due. */
export function dueSince({ state, plannedAt }: Pick<Parked, 'state' | 'plannedAt'>): number {
  return Date.parse(state.status === 'retrying' ? state.nextAttemptAt : plannedAt);
}

/**
 * When to look again at the earliest: the longer a delivery has waited the less often, up to every quarter of an hour,
 * so that a hundred thousand that wait cost next to nothing. When the reason for waiting ends, all are told.
 */
export function nextLookAt(parked: Parked, random: () => number = Math.random): number {
  const { now, timeScale } = parked;
  const waitedMs = Math.max(0, now - dueSince(parked));
  const lookMs = Math.min(Math.max(waitedMs / 2, shortestLookMs / timeScale), longestLookMs / timeScale);
  return now + Math.round(lookMs * (1 + random() / 5));
}

/** Why a delivery is not waited for any longer; undefined while it is. */
export function gaveUpWaiting(parked: Parked): string | undefined {
  const { reason, state, plannedAt, policy, timeScale, now } = parked;
  if (now - Date.parse(plannedAt) > longestLifeMs / timeScale) {
    const because = reason === 'paused' ? 'the endpoint was paused' : 'its turn did not come';
    return `Not sent for 25 days, because ${because}; payloads are kept for 30.${lastFailureOf(state)}`;
  }
  if (reason !== 'circuit' && reason !== 'hold') return undefined;
  const patienceMs = Math.max(
    shortestPatienceMs,
    policy.delaysMs.reduce((sum, delay) => sum + delay, 0),
  );
  if (now - dueSince(parked) <= patienceMs / timeScale) return undefined;
  const hours = Math.round(patienceMs / hour);
  const because =
    reason === 'circuit' ? 'the endpoint failed all the time' : 'the endpoint asked for nothing to be sent';
  return `No attempt could be made for ${hours} hours, because ${because}.${lastFailureOf(state)}`;
}

const lastFailureOf = (state: DeliveryState): string =>
  state.status === 'retrying' && state.attempt.error
    ? ` Attempt ${state.attempt.number}, the last one: ${state.attempt.error.message}`
    : '';

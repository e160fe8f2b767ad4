import type { DeliveryAttempt } from '@headrace/contracts';
import type { FailingRun } from './failing-runs.js';

/** Fewer failures say too little: two attempts in two weeks must not cost an endpoint its webhooks. */
export const fewestFailures = 10;

/**
 * Whether an endpoint is to be switched off after a failed attempt: all know since when it fails, that is longer ago
 * than the limit, and this process alone has seen enough failures in that time. A limit of 0: never.
 */
export function failedForTooLong(
  { since, failures, wasKnown }: Pick<FailingRun, 'since' | 'failures' | 'wasKnown'>,
  { startedAt, durationMs }: Pick<DeliveryAttempt, 'startedAt' | 'durationMs'>,
  limitMs: number,
): boolean {
  if (limitMs === 0 || !wasKnown || failures < fewestFailures) return false;
  return Date.parse(startedAt) + durationMs - Date.parse(since) > limitMs;
}

/** Why an endpoint is switched off, for its owner. */
export function tooLongReason(limitHours: number, since: string, { error }: Pick<DeliveryAttempt, 'error'>): string {
  const [count, unit] = limitHours >= 48 && limitHours % 24 === 0 ? [limitHours / 24, 'days'] : [limitHours, 'hours'];
  return (
    `Every attempt since ${since} has failed, for more than ${count} ${unit}, so the endpoint was switched off. ` +
    `The last: ${error?.message ?? 'no answer.'}`
  );
}

import type { ConsumerDefinition } from '@headrace/contracts';
import { PermanentFailure } from '@headrace/event-log';
import { messageOf } from '../logger.js';

/** What the server is told about one delivery that failed. A delivery that ended well is acknowledged. */
export type FailureSettlement =
  /** Again, after a while. */
  | { readonly kind: 'nak'; readonly delayMs: number }
  /** Never again: the message is a dead letter, for this reason. */
  | { readonly kind: 'term'; readonly reason: string };

/** Decides a failed delivery; `count` is its number, from 1. */
export function settlementOf(error: unknown, count: number, consumer: ConsumerDefinition): FailureSettlement {
  if (error instanceof PermanentFailure) return { kind: 'term', reason: `${error.name}: ${error.message}` };
  if (isLastDelivery(count, consumer)) {
    return { kind: 'term', reason: `failed ${count} times, at last with: ${messageOf(error)}` };
  }
  return { kind: 'nak', delayMs: delayAfter(count, consumer) };
}

/** Whether no delivery follows this one. */
export function isLastDelivery(count: number, { maxDeliver }: ConsumerDefinition): boolean {
  return maxDeliver > 0 && count >= maxDeliver;
}

/** Wait before the delivery after the `count`th, in milliseconds. */
export function delayAfter(count: number, { backoffMs }: ConsumerDefinition): number {
  return backoffMs[Math.min(count, backoffMs.length) - 1] ?? 0;
}

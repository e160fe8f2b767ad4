import { randomUUID } from 'node:crypto';
import type { TimerData, TimerDefinition } from '@headrace/contracts';
import type { Cause } from '../event-log.port.js';
import type { FiredTimer, TimerKey, Timers } from '../timers.port.js';

/** A timer that waits. */
export interface WaitingTimer extends FiredTimer {
  readonly at: Date;
}

/** Timers for unit tests: they fire when the test says what time it is. */
export class InMemoryTimers implements Timers {
  private readonly byKey = new Map<string, WaitingTimer>();

  /** What waits, the next first. */
  get waiting(): readonly WaitingTimer[] {
    return [...this.byKey.values()].sort((one, other) => one.at.getTime() - other.at.getTime());
  }

  async schedule<Definition extends TimerDefinition>(
    definition: Definition,
    key: TimerKey,
    at: Date,
    data: TimerData<Definition>,
    cause?: Cause,
  ): Promise<void> {
    const address = { kind: definition.kind, ...key };
    const traceParent = cause?.traceParent ?? '';
    this.byKey.set(nameOf(definition, key), { id: randomUUID(), address, data, traceParent, at });
  }

  async cancel(definition: TimerDefinition, key: TimerKey): Promise<void> {
    this.byKey.delete(nameOf(definition, key));
  }

  /** Takes out all timers that are due at `now`, the earliest first. */
  fireUntil(now: Date): FiredTimer[] {
    const due = this.waiting.filter(({ at }) => at <= now);
    for (const { address } of due) this.byKey.delete(nameOf(address, address));
    return due;
  }
}

function nameOf({ kind }: { readonly kind: string }, { project, channel, key }: TimerKey): string {
  return [kind, project, channel, key].join('.');
}

import type { TimerAddress, TimerData, TimerDefinition } from '@headrace/contracts';
import type { Cause } from './event-log.port.js';

/** Which timer of a kind: one per project, channel and key. */
export type TimerKey = Omit<TimerAddress, 'kind'>;

/** A timer that fired. */
export interface FiredTimer<Definition extends TimerDefinition = TimerDefinition> {
  readonly id: string;
  readonly address: TimerAddress;
  readonly data: TimerData<Definition>;
  readonly traceParent: string;
}

/**
 * Timers that survive every process. They fire 0.1 to 0.5 s late, at least once; a cancel at the moment of
 * firing may lose, so whoever handles one asks the decider.
 */
export interface Timers {
  /** Sets a timer; one with the same key is replaced. A time in the past fires at once. */
  schedule<Definition extends TimerDefinition>(
    definition: Definition,
    key: TimerKey,
    at: Date,
    data: TimerData<Definition>,
    cause?: Cause,
  ): Promise<void>;
  /** Forgets a timer; nothing happens when there is none. */
  cancel(definition: TimerDefinition, key: TimerKey): Promise<void>;
}

/** Injection token of the process's timers. */
export const TIMERS = Symbol('Timers');

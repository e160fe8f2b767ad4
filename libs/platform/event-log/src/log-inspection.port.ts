import type { ConsumerDefinition, StreamDefinition, TimerDefinition } from '@headrace/contracts';
import type { TimerKey } from './timers.port.js';
import type { WaitingRequest } from './waiting-lines.port.js';

/** Where a log began. A log that was lost and made again begins at a later place. */
export interface LogBeginning {
  /** Every event of this log has this place or a later one; 1 for logs made before places were for ever. */
  readonly sequence: number;
  /** When it was made. */
  readonly at: Date;
}

/** What a look at the log itself tells, for those who compare it with what is known elsewhere. */
export interface LogInspection {
  /** Throws `EventLogUnavailable`, also while the log is being made again. */
  beginning(): Promise<LogBeginning>;
  /** The place up to which a consumer has settled everything. Throws `EventLogUnavailable`. */
  settledUpTo(consumer: ConsumerDefinition): Promise<number>;
  /** Whether a timer waits, or has fired and is not settled yet. Throws `EventLogUnavailable`. */
  hasTimer(definition: TimerDefinition, key: TimerKey): Promise<boolean>;
  /** When a stream was made: at its installation, or after it was lost. Throws `EventLogUnavailable`. */
  madeAt(stream: StreamDefinition): Promise<Date>;
  /** The requests of a project that stand in lines, those who were taken and are not done included. Throws as above. */
  waiting(project: string): Promise<readonly WaitingRequest[]>;
  /** Calls back when the log was away and is there again, possibly as a new one. */
  onReturn(listener: () => void): { close(): void };
}

/** Injection token of the process's look at its log. */
export const LOG_INSPECTION = Symbol('LogInspection');

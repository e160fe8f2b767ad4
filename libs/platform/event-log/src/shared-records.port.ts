import type { Json, RecordAddress } from '@headrace/contracts';

/** A record as it was read. */
export interface SharedRecord {
  readonly value: Json;
  /** Changes with each write; a writer that says which one it read cannot undo another's change. */
  readonly revision: number;
}

/** How a record is written. */
export interface WriteRecordOptions {
  /** How long the record is kept, in milliseconds; rounded up to whole seconds. */
  readonly lifeMs: number;
  /** The revision that the writer read; 0: there must be no such record. Left out: whatever is there is replaced. */
  readonly expectedRevision?: number;
}

/**
 * Small values that all processes share, durable until their life is over: keys of repeated requests, counters of
 * budgets. One value a key; who changes what it read says at which revision, so that no change is lost.
 *
 * Errors: `RecordConflict` when another writer was first; `EventLogUnavailable`.
 */
export interface SharedRecords {
  /** Undefined when there is none, or its life is over. */
  read(address: RecordAddress): Promise<SharedRecord | undefined>;
  /** Resolves to the new revision once the record is durable. */
  write(address: RecordAddress, value: Json, options: WriteRecordOptions): Promise<number>;
}

/** Injection token of the process's shared records. */
export const SHARED_RECORDS = Symbol('SharedRecords');

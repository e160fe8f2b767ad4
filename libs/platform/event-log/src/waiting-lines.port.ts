import type { RequestPriority } from '@headrace/contracts';

/** Requests of one project that wait for the same places, at one priority. */
export interface WaitingLine {
  readonly project: string;
  /** What they wait for: letters, digits, `-` and `_`. */
  readonly name: string;
  readonly priority: RequestPriority;
}

/** A request that waits for its generation. */
export interface WaitingRequest {
  readonly channel: string;
  /** Revision of the request when it began to wait; once it has another, nobody waits any more. */
  readonly revision: number;
}

/** A request that was taken out of its line. It is taken again, elsewhere, when the process that has it dies. */
export interface TakenRequest extends WaitingRequest {
  /** How often it was taken, from 1. */
  readonly count: number;
  /** It need not wait any more. */
  done(): void;
  /** Puts it back to its old place, to be taken no sooner than after `delayMs`. */
  giveBack(delayMs?: number): void;
}

/**
 * Requests that wait outside of every process, in one line for each project, place and priority: however long one line
 * is, the others are not behind it. First in, first out; at least once.
 */
export interface WaitingLines {
  /** Joins a line at its end; durable once it resolves. Joining again with the same revision changes nothing. */
  join(line: WaitingLine, request: WaitingRequest): Promise<void>;
  /** Every line in which somebody waits, those included who were taken and are not done. */
  list(): Promise<readonly { readonly line: WaitingLine; readonly length: number }[]>;
  /** Takes up to `atMost` from the front; fewer when the line has no more. */
  take(line: WaitingLine, atMost: number): Promise<readonly TakenRequest[]>;
  /** Gives everything back that this process took: it ends. */
  giveAllBack(): void;
}

/** Injection token of the process's waiting lines. */
export const WAITING_LINES = Symbol('WaitingLines');

import type { Percentiles } from './samples.ts';

/** What a piece of the provider's answer says. */
export const word = 'word ';

/** How the bench's provider answers. */
export interface ProviderPlan {
  /** Pieces of a streamed answer; a whole one has the text of all of them. */
  readonly pieces: number;
  /** Between two pieces, in milliseconds. */
  readonly pieceMs: number;
  /** Before the answer begins, in milliseconds. */
  readonly latencyMs: number;
}

/** Somebody who answers chat completions: the provider itself, or a gateway before it. */
export interface Target {
  readonly name: string;
  readonly url: string;
  readonly model: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** What is asked of a target. */
export interface SyncLoadPlan {
  readonly target: Target;
  readonly stream: boolean;
  /** Connections, each with one request at a time. */
  readonly connections: number;
  readonly seconds: number;
  /** Requests of each connection; left out: as many as there is time for. */
  readonly each?: number;
  /** Each connection waits so long before its next request, and the first ones are spread over that time. */
  readonly pauseMs?: number;
  /** Pieces of a streamed answer: one with fewer words counts as a failure. */
  readonly pieces: number;
}

/** What a target did. */
export interface SyncLoadReport {
  readonly answered: number;
  readonly tookSeconds: number;
  readonly perSecond: number;
  /** Until the last byte of the answer. */
  readonly whole: Percentiles;
  /** Until the first word of a streamed answer. */
  readonly firstToken: Percentiles;
  /** Most requests under way at one moment. */
  readonly mostAtOnce: number;
  readonly failures: Readonly<Record<string, number>>;
}

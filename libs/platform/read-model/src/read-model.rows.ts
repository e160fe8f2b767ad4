import type { JsonObject } from '@headrace/contracts';

/** Whose row it is, and which event it was last told by. */
interface RowOfChannel {
  readonly project: string;
  readonly channel: string;
  /** Place in the log of the event that the row was made from: a row of an earlier one never replaces it. */
  readonly sequence: number;
}

/** One event as the timeline keeps it. */
export interface TimelineRow extends RowOfChannel {
  readonly type: string;
  /** When it was appended, ISO 8601. */
  readonly at: string;
  readonly data: unknown;
}

/** One request. Times are ISO 8601, durations milliseconds. */
export interface RequestRow extends RowOfChannel {
  readonly state: string;
  readonly workflow: string;
  /** Null for a request without a saved workflow, and for one from before versions were noted. */
  readonly workflowVersion: number | null;
  readonly eventName: string | null;
  readonly environment: string;
  readonly testMode: boolean;
  readonly provider: string | null;
  readonly model: string | null;
  readonly promptTokens: number | null;
  readonly completionTokens: number | null;
  readonly costUsd: number | null;
  readonly durationMs: number | null;
  readonly offlineFallback: boolean;
  readonly failureCode: string | null;
  readonly failureMessage: string | null;
  readonly customerData: JsonObject;
  readonly acceptedAt: string;
  /** Kept from whichever event tells it. */
  readonly generatedAt: string | null;
  readonly endedAt: string | null;
}

/** One payload on its way to one endpoint. */
export interface DeliveryRow extends RowOfChannel {
  readonly id: string;
  readonly endpointId: string;
  readonly url: string;
  readonly type: string;
  readonly status: string;
  /** Attempts made so far. Kept from whichever event tells it. */
  readonly attempts: number | null;
  readonly httpStatus: number | null;
  readonly error: string | null;
  /** The error for machines; kept only of dead letters. */
  readonly errorCode?: string | null;
  readonly nextAttemptAt: string | null;
  /** Kept from whichever event tells it. */
  readonly plannedAt: string | null;
  readonly endedAt: string | null;
  /** The dead letter that it sends once more. Kept from whichever event tells it. */
  readonly replayOf: string | null;
}

/** A delivery that no endpoint took. */
export interface DeadLetterRow extends RowOfChannel {
  /** That of the delivery. */
  readonly id: string;
  readonly endpointId: string;
  readonly url: string;
  readonly type: string;
  readonly httpStatus: number | null;
  readonly error: string | null;
  /** The error for machines; null for letters from before it was kept. */
  readonly errorCode: string | null;
  /** When the delivery was given up. */
  readonly endedAt: string;
}

/** Rows to be written together. */
export interface ReadModelRows {
  readonly timeline: readonly TimelineRow[];
  readonly requests: readonly RequestRow[];
  readonly deliveries: readonly DeliveryRow[];
}

import type { DeadLetterFilter } from '../list-dead-letters.js';

/** A replay of many dead letters, and how far it is. */
export interface ReplayRow {
  readonly id: string;
  readonly project: string;
  /** `running`, `paused`, `completed`, `cancelled` or `failed`. */
  readonly status: string;
  /** Letters that were chosen when it was made. */
  readonly total: number;
  /** Deliveries that were appended; those that ended are `succeeded` or `failed`. */
  readonly planned: number;
  readonly succeeded: number;
  readonly failed: number;
  /** Letters that no delivery was made of, by reason. */
  readonly skipped: Readonly<Record<string, number>>;
  readonly ratePerSecond: number;
  /** Another endpoint that all of it goes to; null: each letter's own. */
  readonly toEndpointId: string | null;
  readonly includeReplayed: boolean;
  /** Why it failed, for people. */
  readonly failure: string | null;
  readonly createdAt: Date;
  readonly finishedAt: Date | null;
}

/** Which dead letters a replay is of: these, or all that a filter finds now. */
export type ReplaySelection =
  | { readonly ids: readonly string[]; readonly filter?: undefined }
  | { readonly ids?: undefined; readonly filter: DeadLetterFilter };

/** A replay to be made. */
export interface NewReplay extends Pick<
  ReplayRow,
  'id' | 'project' | 'ratePerSecond' | 'toEndpointId' | 'includeReplayed'
> {
  readonly selection: ReplaySelection;
}

/** A part of a replay that one process has taken on for a while. */
export interface ReplayPage {
  readonly replay: ReplayRow;
  /** Tells this holder from those before and after it. */
  readonly lease: number;
  /** In the order in which they were given up. */
  readonly letters: readonly ReplayLetter[];
}

/** A dead letter of a replay. */
export interface ReplayLetter {
  readonly position: number;
  readonly letterId: string;
  readonly channel: string;
  readonly endpointId: string;
}

/** What was made of a letter: a delivery, or nothing for a reason. */
export interface LetterOutcome {
  readonly position: number;
  readonly deliveryId: string | null;
  /** `planned`, or why it was skipped. */
  readonly outcome: string;
}

/** A delivery that was made of a letter, or of a letter that was made of it, and so on. */
export interface LaterDeliveryRow {
  readonly letterId: string;
  readonly deliveryId: string;
  readonly endpointId: string;
  readonly status: string;
  /** Whether it is a dead letter of the same replay. */
  readonly isInReplay: boolean;
}

/** A `ReplayRow` as a select list of `replays`. */
export const replayColumns = `
  id, project_id AS project, status, total, planned, succeeded, failed, skipped,
  rate_per_second AS "ratePerSecond", to_endpoint_id AS "toEndpointId", include_replayed AS "includeReplayed",
  failure, created_at AS "createdAt", finished_at AS "finishedAt"`;

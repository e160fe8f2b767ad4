import type { ChannelSubscription } from './channel-feed.port.js';

/** What lets somebody follow a project, or one of its requests. */
export interface ProjectAccess {
  readonly project: string;
  /** Id of the API key; null: the administrator let him in, so that only the project counts. */
  readonly keyId: string | null;
}

/**
 * Whether what let somebody in still does: its key may be revoked or expire, its project be deactivated or deleted.
 * Processes without the configuration ask those that have it.
 */
export interface AccessChecks {
  /** Whether it does; undefined: nobody can tell now. Never rejects, and takes some seconds at most. */
  stillHolds(access: ProjectAccess): Promise<boolean | undefined>;
  /** Answers what processes ask, each question by one of those that answer. A check that rejects tells nothing. */
  answer(check: (access: ProjectAccess) => Promise<boolean>): ChannelSubscription;
}

/** Injection token of the process's access checks. */
export const ACCESS_CHECKS = Symbol('AccessChecks');

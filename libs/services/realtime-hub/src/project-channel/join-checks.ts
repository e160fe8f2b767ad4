import type { AccessChecks, ProjectAccess } from '@headrace/event-log';

type Checks = Pick<AccessChecks, 'stillHolds'>;

/**
 * Asks whether an access holds once for all who join by it at the same time: each question is one to the database, and
 * dashboards that join and leave in a loop, or come back together, would ask as often as they come.
 */
export class JoinChecks implements Checks {
  /** By access, those that are not answered yet. */
  readonly #asking = new Map<string, Promise<boolean | undefined>>();

  constructor(private readonly checks: Checks) {}

  stillHolds(access: ProjectAccess): Promise<boolean | undefined> {
    const key = `${access.project} ${access.keyId ?? ''}`;
    const asking = this.#asking.get(key) ?? this.checks.stillHolds(access).finally(() => this.#asking.delete(key));
    this.#asking.set(key, asking);
    return asking;
  }
}

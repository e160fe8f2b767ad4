import type { ConfigurationNotices } from '@headrace/event-log';
import type { PostgresProjectStore } from '../postgres-project.store.js';

/** Makes a committed change known: at once in this process, by a notice in all others. */
export class ConfigurationChanges {
  constructor(
    private readonly store: PostgresProjectStore,
    private readonly notices: ConfigurationNotices,
  ) {}

  /** Call after the commit: whoever reads again must find the change. */
  announce(projectId: string): void {
    this.store.forget(projectId);
    this.notices.announce(projectId);
  }
}

import type { ConfigurationNotices } from '@headrace/event-log';

/** Notices that reach every listener at once. */
export class NoticesInMemory implements ConfigurationNotices {
  readonly #listeners = new Set<(project: string) => void>();

  announce(project: string): void {
    for (const listener of this.#listeners) listener(project);
  }

  listen(onChange: (project: string) => void): { close(): void } {
    this.#listeners.add(onChange);
    return { close: () => void this.#listeners.delete(onChange) };
  }
}

/** Tells every process that a project's configuration changed, so that caches drop it. Best effort: caches also age. */
export interface ConfigurationNotices {
  announce(project: string): void;
  listen(onChange: (project: string) => void): { close(): void };
}

/** Injection token of the process's configuration notices. */
export const CONFIGURATION_NOTICES = Symbol('ConfigurationNotices');

import type { Log } from '../embedded-server.js';

/** One way to obtain a nats-server. */
export interface NatsSource {
  /** For the log: `the GitHub release 2.14.5`. */
  readonly name: string;
  /**
   * Puts a binary somewhere into `folder` and resolves to its path. Rejects, with the reason as its message, when
   * this way is closed on this machine.
   */
  readonly obtain: (folder: string, log: Log) => Promise<string>;
}

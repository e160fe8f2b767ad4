/** What stood in the way of an embedded server. The message says what to do. */
export type EmbeddedServerProblem =
  'port_taken' | 'data_dir_not_writable' | 'disk_full' | 'data_dir_in_use' | 'binary_missing' | 'start_failed';

/** An embedded server cannot start; the message is one sentence for the person at the terminal. */
export class EmbeddedServerError extends Error {
  override readonly name = 'EmbeddedServerError';

  constructor(
    readonly code: EmbeddedServerProblem,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

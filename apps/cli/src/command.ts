import type { Surroundings } from './surroundings.js';

/** One command of `headrace`. */
export interface Command {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** What `--help` prints. */
  readonly help: string;
  /** Resolves to the exit code. Throws `UsageError` or `CommandFailed`. */
  run(args: readonly string[], around: Surroundings): Promise<number>;
}

/** The command was given something wrong: exit code 2. The sentence names the option. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The command could not do its work: exit code 1. The sentence says what to check. */
export class CommandFailed extends Error {
  override readonly name = 'CommandFailed';
}

/** An error's message, or the text of whatever was thrown. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

import type { GenerationAttempt } from '@headrace/contracts';

/** We gave an attempt up before its provider had answered: the request ended, or the process stops. */
export class AttemptGivenUp extends Error {
  override readonly name = 'AttemptGivenUp';

  constructor(
    readonly attempt: GenerationAttempt,
    cause: Error,
  ) {
    super(cause.message, { cause });
  }
}

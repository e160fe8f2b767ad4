/** Nothing is known of a key or project, and the database cannot be asked. Trying again may help. */
export class ProjectStoreUnavailable extends Error {
  override readonly name = 'ProjectStoreUnavailable';

  constructor(cause: unknown) {
    super('The configuration cannot be read: the database does not answer.', { cause });
  }
}

/** Why a change of the configuration is refused. */
export type RefusalCode = 'not_found' | 'conflict' | 'invalid';

/** A change of the configuration that the one who asks for it must mend; the message says how. */
export class ChangeRefused extends Error {
  override readonly name = 'ChangeRefused';

  constructor(
    readonly code: RefusalCode,
    message: string,
    /** Wire name of the offending field, where one is at fault. */
    readonly param?: string,
  ) {
    super(message);
  }
}

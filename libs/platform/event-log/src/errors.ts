import type { AggregateAddress, SchemaViolation } from '@headrace/contracts';

/** Another writer appended to the aggregate first: read it again and decide again. */
export class RevisionConflict extends Error {
  override readonly name = 'RevisionConflict';

  constructor(address: AggregateAddress, expectedRevision: number) {
    super(`${address.aggregate} of channel ${address.channel} is no longer at revision ${expectedRevision}`);
  }
}

/** The log cannot be reached or did not confirm: the event may or may not be durable. */
export class EventLogUnavailable extends Error {
  override readonly name = 'EventLogUnavailable';
}

/** The data does not fit the event's schema, or the catalogue does not know the event: a bug of the writer. */
export class InvalidEvent extends Error {
  override readonly name = 'InvalidEvent';

  constructor(type: string, violations: readonly SchemaViolation[]) {
    super(`${type} is not valid: ${violations.map(({ path, message }) => `${path || 'data'} ${message}`).join('; ')}`);
  }
}

/** A handler's failure that no repetition can mend; the message is given up at once. */
export class PermanentFailure extends Error {
  override readonly name = 'PermanentFailure';
}

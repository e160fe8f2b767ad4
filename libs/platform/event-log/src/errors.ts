import type { AggregateAddress, RecordAddress, SchemaViolation } from '@headrace/contracts';

/** Another writer appended to the aggregate first: read it again and decide again. */
export class RevisionConflict extends Error {
  override readonly name = 'RevisionConflict';

  constructor(address: AggregateAddress, expectedRevision: number) {
    super(`${address.aggregate} of channel ${address.channel} is no longer at revision ${expectedRevision}`);
  }
}

/** Another writer changed the shared record first: read it again and decide again. */
export class RecordConflict extends Error {
  override readonly name = 'RecordConflict';

  constructor({ kind, project, key }: RecordAddress) {
    super(`The ${kind} record ${key} of project ${project} has been changed meanwhile`);
  }
}

/** The log cannot be reached or did not confirm: the event may or may not be durable. */
export class EventLogUnavailable extends Error {
  override readonly name = 'EventLogUnavailable';
}

/** A failure that no repetition can mend: the message being handled is given up at once. */
export class PermanentFailure extends Error {
  override readonly name: string = 'PermanentFailure';
}

/** The data does not fit the event's schema, or the catalogue does not know the event: a bug of the writer. */
export class InvalidEvent extends PermanentFailure {
  override readonly name = 'InvalidEvent';

  constructor(type: string, violations: readonly SchemaViolation[]) {
    super(`${type} is not valid: ${violations.map(({ path, message }) => `${path || 'data'} ${message}`).join('; ')}`);
  }
}

/** The event is larger than the log accepts; sizes in bytes. */
export class EventTooLarge extends PermanentFailure {
  override readonly name = 'EventTooLarge';

  constructor(type: string, size: number, limit: number) {
    super(
      `${type} takes ${size} bytes and the event log accepts ${limit}. ` +
        'Lower the size of the request or answer, or raise max_payload of the NATS server.',
    );
  }
}

/** What was stored cannot be read as an event, timer or notice of this version. */
export class UndecodableMessage extends PermanentFailure {
  override readonly name = 'UndecodableMessage';
}

import type { requestAccepted, requestContinued } from '@headrace/contracts';
import type { RecordedOf } from '@headrace/event-log';

/** An event that asks for an answer: its data has `context`, `plan` and `messages`. */
export type AskedEvent = RecordedOf<typeof requestAccepted | typeof requestContinued>;

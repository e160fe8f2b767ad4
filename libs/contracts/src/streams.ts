import { allEventsFilter, listenerSessionFilter, realtimeRepublish, recordsFilter, waitingFilter } from './subjects.js';

const minute = 60_000;
const day = 24 * 60 * minute;

/** A JetStream stream as it should be; `topology` makes the server agree. Durations in milliseconds, sizes in bytes. */
export interface StreamDefinition {
  readonly name: string;
  readonly description: string;
  readonly subjects: readonly string[];
  readonly retention: 'limits' | 'workqueue';
  /** 0: no limit. */
  readonly maxAgeMs: number;
  /** How long `Nats-Msg-Id`s are remembered; each costs server memory for that long. */
  readonly duplicateWindowMs: number;
  readonly republish?: { readonly source: string; readonly destination: string };
  /** Keeps that many messages of each subject, the newest; no limit when left out. */
  readonly maxPerSubject?: number;
  /** Messages may say for how long they are kept (`Nats-TTL`). */
  readonly messageLives?: boolean;
  /** Message schedules: a message that is published at a later time (server 2.12 and newer). */
  readonly schedules?: boolean;
}

/** The source of truth. */
export const eventsStream: StreamDefinition = {
  name: 'EVENTS',
  description: 'The event log: every decision and fact of every request.',
  subjects: [allEventsFilter],
  retention: 'limits',
  maxAgeMs: 30 * day,
  duplicateWindowMs: 2 * minute,
  republish: realtimeRepublish,
};

/**
 * Timers wait and fire in one stream, because a schedule's target must be in the schedule's own stream.
 * Work-queue retention removes a fired timer with its acknowledgement; a waiting one has no age limit,
 * since an approval may take days.
 */
export const timersStream: StreamDefinition = {
  name: 'TIMERS',
  description: 'Retries, deadlines and deferrals that wait for their time.',
  subjects: ['timer.>'],
  retention: 'workqueue',
  maxAgeMs: 0,
  duplicateWindowMs: 2 * minute,
  schedules: true,
};

/**
 * Requests for whose generation there was no place, until there is one. A subject for each project and what it waits
 * for, so that whoever has room reads exactly the line that it has room for; a message leaves with its acknowledgement.
 */
export const waitingStream: StreamDefinition = {
  name: 'WAITING',
  description: 'Requests that wait for a place among the generations.',
  subjects: [waitingFilter],
  retention: 'workqueue',
  maxAgeMs: 0,
  duplicateWindowMs: 2 * minute,
};

/** What used up its attempts, kept for inspection and replay. */
export const deadLettersStream: StreamDefinition = {
  name: 'DLQ',
  description: 'Dead letters: deliveries that endpoints never took, messages that our handlers gave up.',
  subjects: ['dlq.>'],
  retention: 'limits',
  maxAgeMs: 30 * day,
  duplicateWindowMs: 2 * minute,
};

/** The server's own notices that a message was given up. They feed DLQ. */
export const advisoriesStream: StreamDefinition = {
  name: 'ADVISORIES',
  description: 'Server notices of messages that used up their deliveries or were terminated.',
  subjects: ['$JS.EVENT.ADVISORY.CONSUMER.MAX_DELIVERIES.>', '$JS.EVENT.ADVISORY.CONSUMER.MSG_TERMINATED.>'],
  retention: 'limits',
  maxAgeMs: 7 * day,
  duplicateWindowMs: 2 * minute,
};

/** Who listens from a laptop: one message a session, so that a process which starts knows them all at once. */
export const listenersStream: StreamDefinition = {
  name: 'LISTENERS',
  description: 'The last that was told of each listening session.',
  subjects: [listenerSessionFilter],
  retention: 'limits',
  // Each message says itself when its session is over; this only sweeps up.
  maxAgeMs: day,
  duplicateWindowMs: 2 * minute,
  maxPerSubject: 1,
};

/** Small values that processes share; each has a life of its own, from seconds to months. */
export const recordsStream: StreamDefinition = {
  name: 'RECORDS',
  description: 'Records that processes share: idempotency keys, counters of budgets.',
  subjects: [recordsFilter],
  retention: 'limits',
  maxAgeMs: 0,
  duplicateWindowMs: 2 * minute,
  maxPerSubject: 1,
  messageLives: true,
};

/** Every stream. */
export const streams: readonly StreamDefinition[] = [
  eventsStream,
  timersStream,
  waitingStream,
  deadLettersStream,
  advisoriesStream,
  listenersStream,
  recordsStream,
];

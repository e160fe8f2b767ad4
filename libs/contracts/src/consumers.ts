import { callbackReminded } from './events/callback.events.js';
import { deliveryPlanned } from './events/delivery.events.js';
import { endpointDisabled } from './events/endpoint.events.js';
import { laneAdvanced, laneQueued } from './events/lane.events.js';
import {
  requestAccepted,
  requestCompleted,
  requestContinued,
  requestFailed,
  requestGenerated,
} from './events/request.events.js';
import { advisoriesStream, eventsStream, timersStream, type StreamDefinition } from './streams.js';
import { allEventsFilter, eventFilter, timerDueFilter } from './subjects.js';
import {
  callbackDeadlineTimer,
  callbackReminderTimer,
  deliveryRetryTimer,
  generationResumeTimer,
  laneWatchTimer,
} from './timers.js';

/** A durable consumer: one per service and concern. Durations in milliseconds. */
export interface ConsumerDefinition {
  readonly name: string;
  readonly description: string;
  readonly stream: StreamDefinition;
  readonly filterSubjects: readonly string[];
  /**
   * How long the server waits for an acknowledgement. Short, so that a killed process's work is taken over
   * within seconds; a live handler extends it (`working`) for as long as it needs.
   */
  readonly ackWaitMs: number;
  /** Delay before redelivery after the 1st, 2nd, … transient failure; the last one repeats. */
  readonly backoffMs: readonly number[];
  /** Deliveries before a message is a dead letter; -1: never. */
  readonly maxDeliver: number;
  /** Messages that may be out at once, over all processes. */
  readonly maxAckPending: number;
  /** Messages one process asks for at a time; small where handlers are slow, so that replicas share. */
  readonly batch: number;
  /**
   * How long a stop waits for what is in flight; then another process takes it over. Left out: as long as for any
   * handler. Short where a handler waits for somebody else's server, which may hang.
   */
  readonly stopLimitMs?: number;
}

const backoffMs = [250, 1_000, 5_000, 15_000, 60_000] as const;
/** Attempts in flight have so long to end when a dispatcher stops. */
const attemptGraceMs = 5_000;

const usual = { ackWaitMs: 5_000, backoffMs, maxDeliver: 20, maxAckPending: 2_000, batch: 100 } as const;

export const aiRunnerConsumer: ConsumerDefinition = {
  ...usual,
  name: 'ai-runner-generate',
  description: 'Calls the AI provider for each request that was accepted or continued.',
  stream: eventsStream,
  filterSubjects: [requestAccepted, requestContinued].map(eventFilter),
  // All places and waiting rooms of all processes; what finds neither goes to WAITING.
  maxAckPending: 10_000,
};

export const generationResumeConsumer: ConsumerDefinition = {
  ...usual,
  name: 'ai-runner-resume',
  description: 'Goes on with generations that waited for their next attempt, when their timers fire.',
  stream: timersStream,
  filterSubjects: [timerDueFilter(generationResumeTimer)],
};

export const deliveryPlannerConsumer: ConsumerDefinition = {
  ...usual,
  name: 'webhook-dispatcher-plan',
  description: 'Plans a delivery to each endpoint that wants a request’s new state.',
  stream: eventsStream,
  filterSubjects: [requestGenerated, requestCompleted, requestFailed, callbackReminded].map(eventFilter),
};

export const deliveryConsumer: ConsumerDefinition = {
  ...usual,
  stopLimitMs: attemptGraceMs,
  name: 'webhook-dispatcher-deliver',
  description: 'Makes the first attempt of each planned delivery.',
  stream: eventsStream,
  filterSubjects: [eventFilter(deliveryPlanned)],
};

export const laneConsumer: ConsumerDefinition = {
  ...usual,
  stopLimitMs: attemptGraceMs,
  name: 'webhook-dispatcher-lane',
  description: 'Makes the first attempt of a delivery whose turn it is in its lane.',
  stream: eventsStream,
  filterSubjects: [laneQueued, laneAdvanced].map(eventFilter),
  // A turn that is given up would hold up everything behind it for ever.
  maxDeliver: -1,
};

export const endpointDisabledConsumer: ConsumerDefinition = {
  ...usual,
  name: 'webhook-dispatcher-switch-off',
  description: 'Switches off the endpoints that this was decided for, and tells their owners.',
  stream: eventsStream,
  filterSubjects: [eventFilter(endpointDisabled)],
  // An endpoint that is to be off must not stay on because the database was away for long.
  maxDeliver: -1,
};

export const deliveryRetryConsumer: ConsumerDefinition = {
  ...usual,
  stopLimitMs: attemptGraceMs,
  name: 'webhook-dispatcher-retry',
  description: 'Makes the later attempts of a delivery when their timers fire.',
  stream: timersStream,
  filterSubjects: [timerDueFilter(deliveryRetryTimer)],
};

export const laneWatchConsumer: ConsumerDefinition = {
  ...usual,
  name: 'webhook-dispatcher-lane-watch',
  description: 'Looks at lanes in which deliveries have waited for long.',
  stream: timersStream,
  filterSubjects: [timerDueFilter(laneWatchTimer)],
};

export const callbackDeadlineSetterConsumer: ConsumerDefinition = {
  ...usual,
  name: 'timeout-watcher-set',
  description: 'Sets a timer when a callback is awaited and cancels it when the request goes on or ends.',
  stream: eventsStream,
  filterSubjects: [requestGenerated, requestContinued, requestCompleted, requestFailed].map(eventFilter),
};

export const callbackDeadlineConsumer: ConsumerDefinition = {
  ...usual,
  name: 'timeout-watcher-due',
  description: 'Fails requests whose callback did not come in time.',
  stream: timersStream,
  filterSubjects: [timerDueFilter(callbackDeadlineTimer)],
};

export const callbackReminderConsumer: ConsumerDefinition = {
  ...usual,
  name: 'timeout-watcher-remind',
  description: 'Reminds backends of callbacks that are still awaited.',
  stream: timersStream,
  filterSubjects: [timerDueFilter(callbackReminderTimer)],
};

export const timelineConsumer: ConsumerDefinition = {
  ...usual,
  name: 'timeline-projector',
  description: 'Writes every event into the read model, in batches.',
  stream: eventsStream,
  filterSubjects: [allEventsFilter],
  // A long outage of the database must not turn the timeline into dead letters.
  maxDeliver: -1,
  ackWaitMs: 15_000,
  maxAckPending: 5_000,
  batch: 1_000,
};

export const deadLetterConsumer: ConsumerDefinition = {
  ...usual,
  name: 'dead-letter-keeper',
  description: 'Copies what the server gave up to the dead-letter queue.',
  stream: advisoriesStream,
  filterSubjects: [...advisoriesStream.subjects],
  maxDeliver: -1,
};

/** Every durable consumer. */
export const consumers: readonly ConsumerDefinition[] = [
  aiRunnerConsumer,
  generationResumeConsumer,
  deliveryPlannerConsumer,
  deliveryConsumer,
  laneConsumer,
  endpointDisabledConsumer,
  deliveryRetryConsumer,
  laneWatchConsumer,
  callbackDeadlineSetterConsumer,
  callbackDeadlineConsumer,
  callbackReminderConsumer,
  timelineConsumer,
  deadLetterConsumer,
];

import type { EventDefinition } from './event.js';
import { requestPriorities, type RequestPriority } from './events/shared.schemas.js';
import type { TimerDefinition } from './timers.js';

/**
 * Every subject of the system. Nothing else builds or reads one.
 *
 *   evt.{project}.{channel}.{aggregate}.{fact}          an event of a channel's only aggregate of that kind
 *   evt.{project}.{channel}.{aggregate}.{fact}.{key}    an event of one of several (deliveries)
 *   rt.{project}.{channel}.{fact}                       a stored request event, republished by the server
 *   rt.{project}.{channel}.piece                        a piece of an answer that is being generated, never stored
 *   so-far.{project}.{channel}                          asks whoever generates an answer for all that was told of it
 *   wait.{project}.{line}.{priority}                   a request that waits for a place among the generations
 *   timer.schedule|due.{kind}.{project}.{channel}.{key} a timer waiting, a timer fired
 *   dlq.delivery.… | dlq.pipeline.…                     dead letters: a customer's, ours
 *   cfg.changed.{project}                               configuration of a project changed
 *   access.{project}.{key}                             asks whether a key, or `admin`, may still follow a project
 *   viewers.ask|told.{project}                         asks, and tells, how many look on at the channels of a project
 *   rec.{kind}.{project}.{key}                          a shared record
 *   lsn.session.{project}.{session}                     the last that was told of a listening session
 *   lsn.deliver.{session}.{connection}                  asks the process that holds a session's socket
 *   poll.{hub}                                          asks the hub that has a session of long polls
 */

/** Where one aggregate's events live. */
export interface AggregateAddress {
  /** Project id. */
  readonly project: string;
  /** Channel id: the public id of a request. */
  readonly channel: string;
  /** `request`, `delivery`, … */
  readonly aggregate: string;
  /** Id within the channel, for aggregates of which a channel has several. */
  readonly key?: string;
}

const unsafe = /[^A-Za-z0-9_-]/;

/** A value as one subject token. Ids are made of letters, digits, `-` and `_`, so anything else is a bug or an attack. */
function token(value: string): string {
  if (value === '' || unsafe.test(value)) throw new Error(`"${value}" cannot be part of a subject`);
  return value;
}

/** The subject one event is stored under. */
export function eventSubject(address: AggregateAddress, fact: string): string {
  const base = `evt.${token(address.project)}.${token(address.channel)}.${token(address.aggregate)}.${token(fact)}`;
  return address.key === undefined ? base : `${base}.${token(address.key)}`;
}

/**
 * The filter that matches all events of one aggregate. It is also the filter of the optimistic concurrency
 * check, which compares strings: every writer must use this very one.
 */
export function aggregateFilter(address: AggregateAddress): string {
  const base = `evt.${token(address.project)}.${token(address.channel)}.${token(address.aggregate)}.*`;
  return address.key === undefined ? base : `${base}.${token(address.key)}`;
}

/** All events of one channel. */
export const channelFilter = (project: string, channel: string): string => `evt.${token(project)}.${token(channel)}.>`;

/** The request events of a channel whose project is not known. */
export const requestInAnyProjectFilter = (channel: string): string => `evt.*.${token(channel)}.request.*`;

/** All events of one type, over all projects and channels. */
export const eventFilter = (definition: EventDefinition): string =>
  `evt.*.*.${definition.aggregate}.${definition.fact}${definition.keyed ? '.*' : ''}`;

/** Everything in the event log. */
export const allEventsFilter = 'evt.>';

/** The address and fact in an event's subject; undefined when it is none. */
export function parseEventSubject(subject: string): { address: AggregateAddress; fact: string } | undefined {
  const [prefix, project, channel, aggregate, fact, key, ...rest] = subject.split('.');
  if (prefix !== 'evt' || !project || !channel || !aggregate || !fact || rest.length > 0) return undefined;
  return { address: key === undefined ? { project, channel, aggregate } : { project, channel, aggregate, key }, fact };
}

/** What the server republishes after storing it: source filter and destination with the wildcards' values. */
export const realtimeRepublish = {
  source: 'evt.*.*.request.*',
  destination: 'rt.{{wildcard(1)}}.{{wildcard(2)}}.{{wildcard(3)}}',
} as const;

/** What happens on one channel: its request events as they are stored, and the pieces of its answer. */
export const realtimeFilter = (project: string, channel: string): string => `rt.${token(project)}.${token(channel)}.*`;

/** The stored request events of one type of a project, as they happen. */
export const projectRealtimeFilter = (project: string, { fact }: EventDefinition): string =>
  `rt.${token(project)}.*.${fact}`;

/** All events of one type of a project. */
export const projectEventFilter = (project: string, definition: EventDefinition): string =>
  `evt.${token(project)}.*.${definition.aggregate}.${definition.fact}${definition.keyed ? '.*' : ''}`;

/** The end of every request that fails, whoever decides it, as it happens. */
export const realtimeFailuresFilter = 'rt.*.*.failed';

/** Whose event was republished; undefined when the subject is none of a republished event. */
export function parseRealtimeSubject(subject: string): { project: string; channel: string } | undefined {
  const [prefix, project, channel, fact, ...rest] = subject.split('.');
  if (prefix !== 'rt' || !project || !channel || !fact || rest.length > 0) return undefined;
  return { project, channel };
}

const piece = 'piece';

/**
 * Pieces of a channel's answer while it is generated: plain NATS, never stored. Beside the republished events, so that
 * who follows a channel needs one subscription for both.
 */
export const answerPieceSubject = (project: string, channel: string): string =>
  `rt.${token(project)}.${token(channel)}.${piece}`;

/** Whether what happened on a channel is a piece of its answer, and no stored event. */
export const isAnswerPiece = (subject: string): boolean => subject.endsWith(`.${piece}`);

/** Where requests of a project wait for the same places, at one priority. */
export const waitingSubject = (project: string, line: string, priority: string): string =>
  `wait.${token(project)}.${token(line)}.${token(priority)}`;

/** All requests of a project that wait for a place. */
export const projectWaitingFilter = (project: string): string => `wait.${token(project)}.>`;

/** Everything that waits for a place. */
export const waitingFilter = 'wait.>';

/** The line in a waiting request's subject; undefined when it is none. */
export function parseWaitingSubject(
  subject: string,
): { project: string; line: string; priority: RequestPriority } | undefined {
  const [prefix, project, line, priority, ...rest] = subject.split('.');
  if (prefix !== 'wait' || !project || !line || rest.length > 0) return undefined;
  const known = requestPriorities.find((each) => each === priority);
  return known && { project, line, priority: known };
}

/** Where the process that generates a channel's answer tells all that it has told so far: a plain NATS request. */
export const answerSoFarSubject = (project: string, channel: string): string =>
  `so-far.${token(project)}.${token(channel)}`;

/** Which timer: its kind and whom it is for. Making one again with the same key replaces it. */
export interface TimerAddress {
  readonly kind: string;
  readonly project: string;
  readonly channel: string;
  readonly key: string;
}

const timerTail = ({ kind, project, channel, key }: TimerAddress): string =>
  `${token(kind)}.${token(project)}.${token(channel)}.${token(key)}`;

/** Where a timer waits. */
export const timerScheduleSubject = (address: TimerAddress): string => `timer.schedule.${timerTail(address)}`;

/** Where a timer arrives when it fires. */
export const timerDueSubject = (address: TimerAddress): string => `timer.due.${timerTail(address)}`;

/** All fired timers of one kind. */
export const timerDueFilter = (definition: TimerDefinition): string => `timer.due.${definition.kind}.*.*.*`;

/** The address in a fired timer's subject; undefined when it is none. */
export function parseTimerDueSubject(subject: string): TimerAddress | undefined {
  const [prefix, state, kind, project, channel, key, ...rest] = subject.split('.');
  if (prefix !== 'timer' || state !== 'due' || !kind || !project || !channel || !key || rest.length > 0)
    return undefined;
  return { kind, project, channel, key };
}

/** Dead letters of customers: an endpoint used up its attempts. */
export const deliveryDeadLetterSubject = (project: string, endpoint: string, channel: string, delivery: string) =>
  `dlq.delivery.${token(project)}.${token(endpoint)}.${token(channel)}.${token(delivery)}`;

/** Dead letters of ours: a handler gave up a message of `stream` that `consumer` had read. */
export const pipelineDeadLetterSubject = (stream: string, consumer: string) =>
  `dlq.pipeline.${token(stream)}.${token(consumer)}`;

/** A project's configuration changed. */
export const configurationChangedSubject = (project: string) => `cfg.changed.${token(project)}`;

/** Every configuration change. */
export const configurationChangedFilter = 'cfg.changed.*';

/** What stands for the administrator where the id of a key is named. */
const administrator = 'admin';

/** Asks whether a key of a project still is good; null: whether the project is, for whom the administrator let in. */
export const accessCheckSubject = (project: string, keyId: string | null) =>
  `access.${token(project)}.${token(keyId ?? administrator)}`;

/** Every question of that kind. */
export const accessCheckFilter = 'access.*.*';

/** What is asked; undefined when the subject is none of such a question. */
export function parseAccessCheckSubject(subject: string): { project: string; keyId: string | null } | undefined {
  const [prefix, project, key, ...rest] = subject.split('.');
  if (prefix !== 'access' || !project || !key || rest.length > 0) return undefined;
  return { project, keyId: key === administrator ? null : key };
}

/** Asks every process how many look on at the channels of a project: asked again as long as somebody wants to know. */
export const viewersAskSubject = (project: string) => `viewers.ask.${token(project)}`;

/** Every question of that kind. */
export const viewersAskFilter = 'viewers.ask.*';

/** Where processes tell it. */
export const viewersToldSubject = (project: string) => `viewers.told.${token(project)}`;

/** Of which project it is asked; undefined when the subject is none of such a question. */
export function parseViewersAskSubject(subject: string): string | undefined {
  const [prefix, kind, project, ...rest] = subject.split('.');
  return prefix === 'viewers' && kind === 'ask' && project && rest.length === 0 ? project : undefined;
}

/** Which shared record: its kind, whose it is, and its key within both. */
export interface RecordAddress {
  readonly kind: string;
  /** Project id, or a word for what belongs to none. */
  readonly project: string;
  readonly key: string;
}

/** Where a shared record is kept. */
export const recordSubject = ({ kind, project, key }: RecordAddress): string =>
  `rec.${token(kind)}.${token(project)}.${token(key)}`;

/** Every shared record. */
export const recordsFilter = 'rec.>';

/** What was last told of one listening session. */
export const listenerSessionSubject = (project: string, session: string) =>
  `lsn.session.${token(project)}.${token(session)}`;

/** What is told of every listening session. */
export const listenerSessionFilter = 'lsn.session.>';

/** Where the process that holds a session's socket takes deliveries; another one at each reconnect. */
export const listenerDeliverySubject = (session: string, connection: string) =>
  `lsn.deliver.${token(session)}.${token(connection)}`;

/** Where a hub is asked about the sessions of long polls that it has. */
export const longPollSubject = (hub: string) => `poll.${token(hub)}`;

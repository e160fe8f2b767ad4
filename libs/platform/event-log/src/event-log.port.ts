import type { AggregateAddress, EventDefinition, EventOf } from '@headrace/contracts';

/** What an event follows from; its trace and correlation are carried on. */
export interface Cause {
  /** `ce-id` of the causing message. */
  readonly id: string;
  /** W3C `traceparent`. */
  readonly traceParent: string;
}

/** An event with its place in the log. */
export interface Recorded<Event extends { type: string; data: unknown } = { type: string; data: unknown }> {
  readonly id: string;
  readonly type: Event['type'];
  readonly data: Event['data'];
  readonly address: AggregateAddress;
  /** Place in the log: grows for ever, even over the loss of the log. Also the aggregate's revision once this event is its last. */
  readonly sequence: number;
  /** When it was appended, ISO 8601. */
  readonly time: string;
  /** W3C `traceparent` of the request's trace. */
  readonly traceParent: string;
  readonly causationId: string | null;
}

/** A recorded event of one definition; of several, a union discriminated by `type`. */
export type RecordedOf<Definition extends EventDefinition> = Definition extends EventDefinition
  ? Recorded<EventOf<Definition>>
  : never;

/** Conditions and context of an append. */
export interface AppendOptions {
  /**
   * The sequence of the aggregate's last event as the writer knows it; 0: the aggregate must not exist.
   * Left out: no condition (facts that decide nothing).
   */
  readonly expectedRevision?: number;
  /** What this follows from; without it a new trace starts. */
  readonly cause?: Cause;
  /** A trace to join when there is no cause in the log (an HTTP caller's `traceparent`). */
  readonly traceParent?: string;
  /** Makes a repeated append a no-op for the stream's duplicate window. Only where there is no revision. */
  readonly messageId?: string;
}

/**
 * The append-only source of truth.
 *
 * Errors: `RevisionConflict` when another writer was first; `EventLogUnavailable` when it is not known that
 * the event is durable; `InvalidEvent` when data does not fit the event's schema; `EventTooLarge`.
 */
export interface EventLog {
  /**
   * False while it is known that nothing can be appended. What repeats itself in the world when its outcome is not
   * recorded had better not begin then. Left out: not known.
   */
  readonly isReachable?: boolean;
  /** Appends one event; resolves to its sequence once it is durable. */
  append(
    address: AggregateAddress,
    event: { readonly type: string; readonly data: unknown },
    options?: AppendOptions,
  ): Promise<number>;
  /**
   * Appends a fact that decides nothing and that nobody waits for: at most once, unconfirmed, and therefore at half
   * the cost. Throws only `InvalidEvent`; a log that is away loses the fact.
   */
  note(
    address: AggregateAddress,
    event: { readonly type: string; readonly data: unknown },
    options?: Pick<AppendOptions, 'cause'>,
  ): void;
  /** The last event of an aggregate. */
  last(address: AggregateAddress): Promise<Recorded | undefined>;
  /** The first event of one type of an aggregate behind a place in the log. */
  firstAfter(address: AggregateAddress, type: string, sequence: number): Promise<Recorded | undefined>;
  /** All events of an aggregate, oldest first. */
  read(address: AggregateAddress): Promise<Recorded[]>;
  /** All events of a channel, oldest first. */
  readChannel(project: string, channel: string): Promise<Recorded[]>;
  /** The last request event of a channel whose project is unknown. Slower: only where the project's own look-up missed. */
  findRequest(channel: string): Promise<Recorded | undefined>;
}

/** Injection token of the process's event log. */
export const EVENT_LOG = Symbol('EventLog');

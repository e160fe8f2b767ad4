import {
  aggregateFilter,
  channelFilter,
  definitionOf,
  eventSubject,
  eventsStream,
  requestInAnyProjectFilter,
  type AggregateAddress,
} from '@headrace/contracts';
import {
  checkedEvent,
  EventTooLarge,
  RevisionConflict,
  type AppendOptions,
  type Cause,
  type EventLog,
  type Recorded,
} from '@headrace/event-log';
import { activeTraceParent, inSpan, traceParentFor } from '@headrace/telemetry';
import type { Msg, MsgHdrs } from '@nats-io/nats-core';
import { SpanKind } from '@opentelemetry/api';
import type { NatsConnection } from './connection/nats-connection.js';
import { countAppended } from './messages/count-appended.js';
import { decodeEvent } from './messages/decode-event.js';
import { envelopeHeaders, readEnvelope } from './messages/envelope.js';
import { readAllStored, readStored } from './messages/read-stored.js';
import { StaleSequence, storeMessage } from './messages/store-message.js';

/** Room for the headers of an event when its size is compared with the server's limit, in bytes. */
const headersAllowance = 2_048;

/** The event log on the JetStream stream EVENTS. */
export class JetStreamEventLog implements EventLog {
  constructor(private readonly connection: NatsConnection) {}

  get isReachable(): boolean {
    return this.connection.isConnected;
  }

  async append(
    address: AggregateAddress,
    event: { readonly type: string; readonly data: unknown },
    options: AppendOptions = {},
  ): Promise<number> {
    const { subject } = checkedEvent(address, event);
    const payload = Buffer.from(JSON.stringify(event.data));
    const limit = this.connection.maxPayload - headersAllowance;
    if (payload.length > limit) throw new EventTooLarge(event.type, payload.length, limit);
    const parent = options.cause?.traceParent ?? options.traceParent;
    return inSpan(
      () => ({
        name: `append ${event.type}`,
        kind: SpanKind.PRODUCER,
        parent: activeTraceParent() ?? parent,
        attributes: attributesOf(address),
      }),
      async () => {
        const headers = headersOf(address, event.type, parent, options.cause);
        expectRevision(headers, address, options);
        try {
          const sequence = await storeMessage(this.connection, subject, payload, headers);
          countAppended(event);
          return sequence;
        } catch (error) {
          if (error instanceof StaleSequence) throw new RevisionConflict(address, options.expectedRevision ?? 0);
          throw error;
        }
      },
    );
  }

  note(
    address: AggregateAddress,
    event: { readonly type: string; readonly data: unknown },
    { cause }: Pick<AppendOptions, 'cause'> = {},
  ): void {
    const { subject } = checkedEvent(address, event);
    const headers = headersOf(address, event.type, cause?.traceParent, cause);
    this.connection.say(subject, Buffer.from(JSON.stringify(event.data)), headers);
  }

  async last(address: AggregateAddress): Promise<Recorded | undefined> {
    return this.lastOf(aggregateFilter(address));
  }

  async firstAfter(address: AggregateAddress, type: string, sequence: number): Promise<Recorded | undefined> {
    const next_by_subj = eventSubject(address, definitionOf(type)?.fact ?? type);
    const stored = await readStored(this.connection, eventsStream.name, { next_by_subj, seq: sequence + 1 });
    return stored && recordedOf(stored);
  }

  async read(address: AggregateAddress): Promise<Recorded[]> {
    return this.allOf(aggregateFilter(address));
  }

  async readChannel(project: string, channel: string): Promise<Recorded[]> {
    return this.allOf(channelFilter(project, channel));
  }

  async findRequest(channel: string): Promise<Recorded | undefined> {
    return this.lastOf(requestInAnyProjectFilter(channel));
  }

  private async lastOf(filter: string): Promise<Recorded | undefined> {
    const stored = await readStored(this.connection, eventsStream.name, { last_by_subj: filter });
    return stored && recordedOf(stored);
  }

  private async allOf(filter: string): Promise<Recorded[]> {
    return (await readAllStored(this.connection, eventsStream.name, filter)).map(recordedOf);
  }
}

/** A directly read or republished message as an event. */
export function recordedOf(stored: Msg): Recorded {
  const envelope = readEnvelope(stored);
  return decodeEvent(envelope, envelope.storedSubject, envelope.storedSequence, stored.data);
}

function headersOf(address: AggregateAddress, type: string, parent: string | undefined, cause?: Cause): MsgHdrs {
  return envelopeHeaders({
    type,
    subject: aggregateName(address),
    channel: address.channel,
    traceParent: traceParentFor(parent),
    causationId: cause?.id,
  });
}

function expectRevision(headers: MsgHdrs, address: AggregateAddress, options: AppendOptions): void {
  if (options.expectedRevision !== undefined) {
    headers.set('Nats-Expected-Last-Subject-Sequence', String(options.expectedRevision));
    // The server compares this filter as a string, so every writer builds it with the same function.
    headers.set('Nats-Expected-Last-Subject-Sequence-Subject', aggregateFilter(address));
  }
  if (options.messageId !== undefined) headers.set('Nats-Msg-Id', options.messageId);
}

function aggregateName({ project, channel, aggregate, key }: AggregateAddress): string {
  return [project, channel, aggregate, ...(key === undefined ? [] : [key])].join('/');
}

function attributesOf({ project, channel }: AggregateAddress): Record<string, string> {
  return {
    'messaging.system': 'nats',
    'messaging.operation.name': 'append',
    'messaging.operation.type': 'send',
    'messaging.destination.name': eventsStream.name,
    'messaging.message.conversation_id': channel,
    'headrace.project': project,
  };
}

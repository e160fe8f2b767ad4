import { randomBytes, randomUUID } from 'node:crypto';
import type { AggregateAddress } from '@headrace/contracts';
import { checkedEvent } from '../checked-event.js';
import { RevisionConflict } from '../errors.js';
import type { AppendOptions, EventLog, Recorded } from '../event-log.port.js';

/** An event log for unit tests, with the behaviour of the real one and nothing durable. */
export class InMemoryEventLog implements EventLog {
  private readonly events: Recorded[] = [];
  private readonly sequenceByMessageId = new Map<string, number>();

  /** `now` is the clock that stamps events. */
  constructor(private readonly now: () => Date = () => new Date()) {}

  /** Everything appended so far, oldest first. */
  get all(): readonly Recorded[] {
    return this.events;
  }

  async append(
    address: AggregateAddress,
    event: { readonly type: string; readonly data: unknown },
    options: AppendOptions = {},
  ): Promise<number> {
    checkedEvent(address, event);
    const known = options.messageId === undefined ? undefined : this.sequenceByMessageId.get(options.messageId);
    if (known !== undefined) return known;
    const { expectedRevision } = options;
    if (expectedRevision !== undefined && expectedRevision !== this.revisionOf(address)) {
      throw new RevisionConflict(address, expectedRevision);
    }
    const sequence = this.events.length + 1;
    this.events.push({
      id: randomUUID(),
      type: event.type,
      // What a reader gets has been JSON once, as in the real log.
      data: JSON.parse(JSON.stringify(event.data)) as unknown,
      address,
      sequence,
      time: this.now().toISOString(),
      traceParent: options.cause?.traceParent ?? options.traceParent ?? newTraceParent(),
      causationId: options.cause?.id ?? null,
    });
    if (options.messageId !== undefined) this.sequenceByMessageId.set(options.messageId, sequence);
    return sequence;
  }

  note(
    address: AggregateAddress,
    event: { readonly type: string; readonly data: unknown },
    options: Pick<AppendOptions, 'cause'> = {},
  ): void {
    checkedEvent(address, event);
    void this.append(address, event, options).catch(() => undefined);
  }

  async last(address: AggregateAddress): Promise<Recorded | undefined> {
    return this.events.findLast((event) => isSame(event.address, address));
  }

  async firstAfter(address: AggregateAddress, type: string, sequence: number): Promise<Recorded | undefined> {
    return this.events.find(
      (event) => event.sequence > sequence && event.type === type && isSame(event.address, address),
    );
  }

  async read(address: AggregateAddress): Promise<Recorded[]> {
    return this.events.filter((event) => isSame(event.address, address));
  }

  async readChannel(project: string, channel: string): Promise<Recorded[]> {
    return this.events.filter(({ address }) => address.project === project && address.channel === channel);
  }

  async findRequest(channel: string): Promise<Recorded | undefined> {
    return this.events.findLast(({ address }) => address.channel === channel && address.aggregate === 'request');
  }

  private revisionOf(address: AggregateAddress): number {
    return this.events.findLast((event) => isSame(event.address, address))?.sequence ?? 0;
  }
}

function isSame(one: AggregateAddress, other: AggregateAddress): boolean {
  return (
    one.project === other.project &&
    one.channel === other.channel &&
    one.aggregate === other.aggregate &&
    one.key === other.key
  );
}

function newTraceParent(): string {
  return `00-${randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-01`;
}

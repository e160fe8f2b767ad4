import {
  deliveryPlanned,
  deliveryRetryTimer,
  laneQueued,
  laneWatchTimer,
  type AggregateAddress,
  type DataOf,
  type LaneEvent,
} from '@headrace/contracts';
import { joinLane, laneAfter, leaveLane, type LanePlace, type LaneState } from '@headrace/domain';
import {
  EVENT_LOG,
  RevisionConflict,
  TIMERS,
  type Cause,
  type EventLog,
  type Recorded,
  type RecordedOf,
  type Timers,
} from '@headrace/event-log';
import { Inject, Injectable } from '@nestjs/common';
import { InTurn } from './in-turn.js';
import { watchAt } from './watch-delay.js';

/** A delivery with the lane that it waits in. */
export interface LaneTicket {
  readonly project: string;
  readonly endpointId: string;
  /** Key of the lane. */
  readonly lane: string;
  /** The request that it is a delivery of. */
  readonly channel: string;
  readonly deliveryId: string;
}

interface KnownLane {
  readonly state: LaneState;
  readonly revision: number;
}

const maximumConflicts = 20;

/**
 * The lines in which deliveries wait for their turn. A lane is an aggregate of the log: who joins or leaves appends at
 * the revision it decided on, so there is one order and one head whatever races, and each turn is told by one event,
 * which `DeliverOnTurnHandler` reacts to. Nothing wakes anybody, so no waking can be lost.
 *
 * Each step may be repeated after a kill. A delivery that joins a second time gets two turns and uses one.
 */
@Injectable()
export class Lanes {
  private readonly turns = new InTurn();

  constructor(
    @Inject(EVENT_LOG) private readonly log: EventLog,
    @Inject(TIMERS) private readonly timers: Timers,
  ) {}

  /**
   * Appends a planned delivery by `plan` and lets it join the end of its lane. Within a process lanes have the order
   * in which this is called. `plan` tells whether the delivery is new; one that was there before may have joined.
   */
  planInOrder(ticket: LaneTicket, cause: Cause, plan: () => Promise<boolean>): Promise<void> {
    return this.turns.run(nameOf(ticket), async () => this.append(ticket, cause, await plan()));
  }

  /** Lets a delivery that is in the log already join the end of its lane. */
  join(ticket: LaneTicket, cause: Cause, isNew: boolean): Promise<void> {
    return this.turns.run(nameOf(ticket), () => this.append(ticket, cause, isNew));
  }

  /** A delivery ended: it is the turn of the next. Nothing happens when it left before, or when it is not its turn. */
  async leave(ticket: LaneTicket, cause: Cause): Promise<void> {
    await this.turns.run(nameOf(ticket), () =>
      this.change(addressOf(ticket), cause, async ({ state }) =>
        state?.head.deliveryId === ticket.deliveryId
          ? leaveLane(state, ticket.deliveryId, await this.behind(addressOf(ticket), state))
          : undefined,
      ),
    );
  }

  /**
   * Whether a delivery that a timer brought may be attempted. One that never was, although it waits in a lane, may only
   * when it is its turn; whoever set the timer did not know of lanes. It joins if its planner never let it, and gets a
   * far timer, so that nobody takes it for one whose timer was lost.
   */
  async mayProceed(planned: RecordedOf<typeof deliveryPlanned>, isFirst: boolean): Promise<boolean> {
    const ticket = isFirst ? ticketOf(planned.address, planned.data) : undefined;
    if (!ticket) return true;
    const state = await this.stateOf(addressOf(ticket));
    if (state?.head.deliveryId === ticket.deliveryId) return true;
    await this.join(ticket, planned, false);
    const { project, channel, deliveryId } = ticket;
    const data = { deliveryId, attempt: 1, revision: planned.sequence };
    await this.timers.schedule(deliveryRetryTimer, { project, channel, key: deliveryId }, watchAt(0), data, planned);
    return false;
  }

  /** `leave` for a delivery that may wait in no lane. */
  async leaveEnded(planned: RecordedOf<typeof deliveryPlanned>): Promise<void> {
    const ticket = ticketOf(planned.address, planned.data);
    if (ticket) await this.leave(ticket, planned);
  }

  /** Whose turn it is in a lane. */
  async stateOf(address: AggregateAddress): Promise<LaneState> {
    return (await this.load(address)).state;
  }

  /** Has a lane looked at later; `head` is the delivery whose turn it is now. */
  async watch(address: AggregateAddress, head: string, round: number, cause: Cause): Promise<void> {
    const { project, channel, key = '' } = address;
    await this.timers.schedule(laneWatchTimer, { project, channel, key }, watchAt(round), { head, round }, cause);
  }

  private async append(ticket: LaneTicket, cause: Cause, isNew: boolean): Promise<void> {
    const address = addressOf(ticket);
    const before = await this.change(address, cause, async ({ state }) =>
      !isNew && (await this.hasJoined(ticket, address)) ? undefined : joinLane(state, ticket),
    );
    // The first who waits behind a head has the lane looked at, should that head never end.
    const isFirstToWait = before !== undefined && before.tail === before.head.place;
    if (isFirstToWait || (before && !isNew)) await this.watch(address, before.head.deliveryId, 0, cause);
  }

  /** Appends what follows from the lane's state; resolves to the state before. Decides again when another was first. */
  private async change(
    address: AggregateAddress,
    cause: Cause,
    decide: (known: KnownLane) => Promise<LaneEvent | undefined>,
  ): Promise<LaneState> {
    for (let conflicts = 0; ; conflicts += 1) {
      const known = await this.load(address);
      const event = await decide(known);
      if (!event) return known.state;
      try {
        await this.log.append(address, event, { expectedRevision: known.revision, cause });
        return known.state;
      } catch (error) {
        if (!(error instanceof RevisionConflict) || conflicts >= maximumConflicts) throw error;
      }
    }
  }

  private async load(address: AggregateAddress): Promise<KnownLane> {
    const last = await this.log.last(address);
    return last
      ? { state: laneAfter(last as Recorded & LaneEvent, last.sequence), revision: last.sequence }
      : { state: undefined, revision: 0 };
  }

  /** The entry behind the head; undefined when nobody waits there. */
  private async behind(
    address: AggregateAddress,
    { head, tail }: NonNullable<LaneState>,
  ): Promise<LanePlace | undefined> {
    if (tail === head.place) return undefined;
    const next = await this.entryAfter(address, head.place);
    // A replica of the log may be a moment behind: the message that asks comes again.
    if (!next) throw new Error('The lane has an entry behind its head that cannot be read yet');
    return next;
  }

  private async entryAfter(address: AggregateAddress, place: number): Promise<LanePlace | undefined> {
    const queued = await this.log.firstAfter(address, laneQueued.type, place);
    if (!queued) return undefined;
    const { deliveryId, channel } = queued.data as LanePlace;
    return { deliveryId, channel, place: queued.sequence };
  }

  /**
   * Whether a delivery that was planned before joined then. Who plans lets it join at once, so it is found right
   * behind the place of its planning, however long the line is.
   */
  private async hasJoined({ project, channel, deliveryId }: LaneTicket, address: AggregateAddress): Promise<boolean> {
    const last = await this.log.last({ project, channel, aggregate: 'delivery', key: deliveryId });
    if (last?.type !== deliveryPlanned.type) return true;
    let entry = await this.entryAfter(address, last.sequence);
    while (entry && entry.deliveryId !== deliveryId) entry = await this.entryAfter(address, entry.place);
    return entry !== undefined;
  }
}

/** The ticket of a planned delivery of a channel; undefined when it waits in no lane. */
export function ticketOf(
  { project, channel }: Pick<AggregateAddress, 'project' | 'channel'>,
  { endpointId, deliveryId, lane }: DataOf<typeof deliveryPlanned>,
): LaneTicket | undefined {
  return lane === undefined ? undefined : { project, channel, endpointId, deliveryId, lane };
}

/** Where the events of a lane are. */
export const laneAddress = (project: string, endpointId: string, lane: string): AggregateAddress => ({
  project,
  channel: endpointId,
  aggregate: laneQueued.aggregate,
  key: lane,
});

const addressOf = ({ project, endpointId, lane }: LaneTicket): AggregateAddress =>
  laneAddress(project, endpointId, lane);

const nameOf = ({ project, endpointId, lane }: LaneTicket): string => `${project}.${endpointId}.${lane}`;

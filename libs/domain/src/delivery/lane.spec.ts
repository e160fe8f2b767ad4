import { describe, expect, it } from '@jest/globals';
import type { LaneEvent } from '@headrace/contracts';
import fc from 'fast-check';
import { joinLane, laneAfter, leaveLane, type LanePlace, type LaneState } from './lane.js';

const entry = (deliveryId: string) => ({ deliveryId, channel: `channel of ${deliveryId}` });

/** A lane in a log of its own, written by writers that never act on an old state. */
class Lane {
  readonly events: LaneEvent[] = [];
  state: LaneState;

  join(deliveryId: string): void {
    this.append(joinLane(this.state, entry(deliveryId)));
  }

  leave(deliveryId: string): boolean {
    const event = leaveLane(this.state, deliveryId, this.next());
    if (event) this.append(event);
    return event !== undefined;
  }

  private next(): LanePlace | undefined {
    const after = this.state?.head.place ?? Infinity;
    const index = this.events.findIndex(({ type }, at) => type === 'lane.queued' && at + 1 > after);
    const event = this.events[index];
    return event?.type === 'lane.queued' ? { ...entry(event.data.deliveryId), place: index + 1 } : undefined;
  }

  private append(event: LaneEvent): void {
    this.events.push(event);
    this.state = laneAfter(event, this.events.length);
  }
}

const laneWith = (...deliveries: string[]): Lane => {
  const lane = new Lane();
  for (const delivery of deliveries) lane.join(delivery);
  return lane;
};

describe('a lane', () => {
  it('gives the turn to the one who joins while nobody waits', () => {
    expect(laneWith('a').state).toEqual({ head: { ...entry('a'), place: 1 }, tail: 1 });
  });

  it('keeps the turn of its head while others join behind', () => {
    expect(laneWith('a', 'b', 'c').state).toEqual({ head: { ...entry('a'), place: 1 }, tail: 3 });
  });

  it('gives the turn to the next when the head leaves', () => {
    const lane = laneWith('a', 'b', 'c');
    expect(lane.leave('a')).toBe(true);
    expect(lane.state).toEqual({ head: { ...entry('b'), place: 2 }, tail: 3 });
  });

  it('is empty when the last one left', () => {
    const lane = laneWith('a');
    lane.leave('a');
    expect(lane.state).toBeUndefined();
  });

  it('does nothing when one leaves who has left already, or whose turn it is not', () => {
    const lane = laneWith('a', 'b');
    expect(lane.leave('b')).toBe(false);
    lane.leave('a');
    expect(lane.leave('a')).toBe(false);
    expect(lane.state?.head.deliveryId).toBe('b');
  });

  it('gives the turn to everybody once, in the order in which they joined, whenever others leave', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 60 }), (steps) => {
        const lane = new Lane();
        const joined: string[] = [];
        const left: string[] = [];
        const leaveHead = (): void => {
          const head = lane.state?.head.deliveryId;
          if (head !== undefined && lane.leave(head)) left.push(head);
        };
        for (const isJoin of steps) {
          if (!isJoin) leaveHead();
          else {
            joined.push(`dlv_${joined.length}`);
            lane.join(joined.at(-1) ?? '');
          }
        }
        while (lane.state) leaveHead();
        expect(left).toEqual(joined);
      }),
    );
  });
});

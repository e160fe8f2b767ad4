import { describe, expect, it } from '@jest/globals';
import type { RequestPriority } from '@headrace/contracts';
import type { Claim } from './claim.js';
import { WaitingRoom, type Waiter } from './waiting-room.js';

interface Guest extends Waiter {
  readonly name: string;
}

let since = 0;
const aGuest = (name: string, project: string, claim: Partial<Claim> = {}): Guest => ({
  name,
  claim: {
    project,
    line: 'one',
    provider: 'openai',
    workflow: null,
    projectLimit: null,
    priority: 'normal',
    since: ++since,
    ...claim,
  },
  isFromLine: false,
  hasBegun: false,
  start: () => undefined,
  sendAway: () => undefined,
});

/** Empties a room; tells in which order. */
function leaveOneByOne(room: WaitingRoom, hasRoom: (claim: Claim) => boolean = () => true): string[] {
  const inFlight = new Map<string, number>();
  const names: string[] = [];
  for (;;) {
    const next = room.next(hasRoom, (project) => inFlight.get(project) ?? 0);
    if (!next) return names;
    inFlight.set(next.claim.project, (inFlight.get(next.claim.project) ?? 0) + 1);
    names.push((next as Guest).name);
  }
}

function aRoomWith(...guests: readonly Guest[]): WaitingRoom {
  const room = new WaitingRoom(1_000);
  for (const guest of guests) room.add(guest);
  return room;
}

const priority = (of: RequestPriority) => ({ priority: of });

describe('who waits in memory', () => {
  it('leaves in turn with the other projects, however many a project has', () => {
    const flood = Array.from({ length: 5 }, (_, at) => aGuest(`a${at}`, 'a'));
    const room = aRoomWith(...flood, aGuest('b0', 'b'), aGuest('c0', 'c'), aGuest('b1', 'b'));
    expect(leaveOneByOne(room)).toEqual(['a0', 'b0', 'c0', 'a1', 'b1', 'a2', 'a3', 'a4']);
  });

  it('leaves within its project by urgency, then by age, whatever it waits for', () => {
    const room = aRoomWith(
      aGuest('low', 'a', priority('low')),
      aGuest('old', 'a', { line: 'two' }),
      aGuest('young', 'a'),
      aGuest('urgent', 'a', priority('high')),
    );
    expect(leaveOneByOne(room)).toEqual(['urgent', 'old', 'young', 'low']);
  });

  it('is passed by who waits for something else that there is room for', () => {
    const room = aRoomWith(aGuest('first', 'a', { line: 'full' }), aGuest('second', 'a'));
    expect(leaveOneByOne(room, ({ line }) => line !== 'full')).toEqual(['second']);
    expect(room.size).toBe(1);
  });

  it('stands in front of those who came later even when it comes back', () => {
    const early = aGuest('early', 'a', { since: 0 });
    expect(leaveOneByOne(aRoomWith(aGuest('late', 'a'), early))).toEqual(['early', 'late']);
  });

  it('is ahead of who is as urgent or less, in its own line', () => {
    const { claim } = aGuest('x', 'a');
    const room = aRoomWith(aGuest('one', 'a'));
    expect(room.isAhead(claim)).toBe(true);
    expect(room.isAhead({ ...claim, priority: 'low' })).toBe(true);
    expect(room.isAhead({ ...claim, priority: 'high' })).toBe(false);
    expect(room.isAhead({ ...claim, line: 'two' })).toBe(false);
    expect(room.isAhead({ ...claim, project: 'b' })).toBe(false);
  });

  it('gives its seat to who is more urgent, the youngest of the least urgent first', () => {
    const [old, young] = [aGuest('old', 'a', priority('low')), aGuest('young', 'a', priority('low'))];
    const room = aRoomWith(old, young, aGuest('usual', 'a'), aGuest('other', 'b', priority('low')));
    const urgent = aGuest('urgent', 'a', priority('high')).claim;
    expect(room.displace(urgent)).toBe(young);
    expect(room.displace({ ...urgent, priority: 'normal' })).toBe(old);
    expect(room.displace({ ...urgent, priority: 'normal' })).toBeUndefined();
    expect(room.size).toBe(2);
  });

  it('never has all the seats of the room', () => {
    const room = new WaitingRoom(8);
    let seated = 0;
    for (; room.takes('a'); seated += 1) room.add(aGuest(`a${seated}`, 'a'));
    expect(seated).toBe(6);
    expect(room.takes('b')).toBe(true);
  });

  it('can leave by itself, once', () => {
    const guest = aGuest('one', 'a');
    const room = aRoomWith(guest);
    expect(room.remove(guest)).toBe(true);
    expect(room.remove(guest)).toBe(false);
    expect(room.size).toBe(0);
  });
});

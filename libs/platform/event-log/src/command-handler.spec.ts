import { describe, expect, it } from '@jest/globals';
import { handleCommand, stateAfter, type Decider } from './command-handler.js';
import { RevisionConflict } from './errors.js';
import type { Recorded } from './event-log.port.js';
import { aFailedEvent, anAcceptedEvent, aRequestAddress, InMemoryEventLog } from './testing/index.js';

type State = 'none' | 'accepted' | 'failed';
type Command = 'accept' | 'cancel';
type Event = ReturnType<typeof anAcceptedEvent> | ReturnType<typeof aFailedEvent>;

const decider: Decider<State, Command, Event> = {
  initialState: () => 'none',
  decide: (command, state) => {
    if (command === 'accept') return state === 'none' ? anAcceptedEvent() : undefined;
    return state === 'accepted' ? aFailedEvent() : undefined;
  },
  evolve: (_state, event) => (event.type === 'request.accepted' ? 'accepted' : 'failed'),
};

/** Counts how often the log is read. */
class CountingLog extends InMemoryEventLog {
  reads = 0;

  override async last(...address: Parameters<InMemoryEventLog['last']>): Promise<Recorded | undefined> {
    this.reads += 1;
    return super.last(...address);
  }
}

describe('handling a command', () => {
  it('reads the aggregate, decides, and appends at the revision it read', async () => {
    const log = new CountingLog();
    const address = aRequestAddress();
    await handleCommand(log, decider, address, 'accept');
    const outcome = await handleCommand(log, decider, address, 'cancel');
    expect(outcome).toMatchObject({ event: { type: 'request.failed' }, state: 'failed', revision: 2 });
    expect(log.reads).toBe(2);
  });

  it('spares the read when the caller knows the state', async () => {
    const log = new CountingLog();
    const address = aRequestAddress();
    const { state, revision } = await handleCommand(log, decider, address, 'accept', {
      known: { state: 'none', revision: 0 },
    });
    await handleCommand(log, decider, address, 'cancel', { known: { state, revision } });
    expect(log.reads).toBe(0);
    expect(log.all.map(({ type }) => type)).toEqual(['request.accepted', 'request.failed']);
  });

  it('reads and decides again when another writer was first', async () => {
    const log = new CountingLog();
    const address = aRequestAddress();
    const first = await handleCommand(log, decider, address, 'accept');
    const known = { state: first.state, revision: first.revision };
    const [one, other] = await Promise.all([
      handleCommand(log, decider, address, 'cancel', { known }),
      handleCommand(log, decider, address, 'cancel', { known }),
    ]);
    expect([one.event?.type, other.event?.type].sort()).toEqual(['request.failed', undefined]);
    expect(one.state).toBe('failed');
    expect(other).toMatchObject({ state: 'failed', revision: one.revision });
    expect(log.all).toHaveLength(2);
  });

  it('appends nothing when nothing is left to decide', async () => {
    const log = new InMemoryEventLog();
    const outcome = await handleCommand(log, decider, aRequestAddress(), 'cancel');
    expect(outcome).toEqual({ event: undefined, state: 'none', revision: 0 });
    expect(log.all).toEqual([]);
  });

  it('gives up a conflict that never ends', async () => {
    const log = new InMemoryEventLog();
    log.append = async (address) => {
      throw new RevisionConflict(address, 0);
    };
    await expect(handleCommand(log, decider, aRequestAddress(), 'accept')).rejects.toBeInstanceOf(RevisionConflict);
  });

  it('carries the cause on', async () => {
    const log = new InMemoryEventLog();
    const address = aRequestAddress();
    await handleCommand(log, decider, address, 'accept');
    const accepted = await log.last(address);
    await handleCommand(log, decider, address, 'cancel', { cause: accepted });
    expect(await log.last(address)).toMatchObject({ causationId: accepted?.id, traceParent: accepted?.traceParent });
  });

  it('tells the state that an aggregate’s last event tells', async () => {
    const log = new InMemoryEventLog();
    const address = aRequestAddress();
    await log.append(address, anAcceptedEvent());
    const last = await log.last(address);
    expect(last && stateAfter(decider, last)).toBe('accepted');
  });
});

import { describe, expect, it } from '@jest/globals';
import { LogInMemory } from '../testing/log-in-memory.js';
import { RealtimeFacts } from './realtime-facts.js';

const ids = { project: 'p1', channel: 'c1' };
const join = { topic: 'ai_response:c1', joinedAt: '2026-11-05T12:00:00.000Z' };
const cause = { id: 'cause-1', traceParent: `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01` };

describe('the fact that a state was pushed', () => {
  const address = { ...ids, aggregate: 'request' };
  const at = (seconds: number) => new Date(Date.UTC(2026, 10, 5, 12, 0, seconds)).toISOString();
  const state = { ...cause, type: 'request.completed', data: {}, address, sequence: 7, time: at(0), causationId: null };
  const pushed = (seconds: number) => ({ status: 'completed', sockets: 1, pushedAt: at(seconds) });

  it('is noted each time while it is new, and once for those who come late', async () => {
    const log = new LogInMemory();
    const facts = new RealtimeFacts(log, 'hub-1');
    for (const seconds of [1, 2, 60, 61, 62, 4_000]) facts.pushed({ ...state, id: 'e1' }, pushed(seconds));
    facts.pushed({ ...state, id: 'e2' }, pushed(100));
    const noted = await log.readChannel(ids.project, ids.channel);
    expect(noted.map(({ data }) => (data as { pushedAt: string }).pushedAt)).toEqual([1, 2, 60, 61, 100].map(at));
    expect(noted[0]).toMatchObject({ data: { instance: 'hub-1', transport: 'socket', sockets: 1 } });
  });

  it('is noted no more than twenty times, however often a client joins while the state is new', async () => {
    const log = new LogInMemory();
    const facts = new RealtimeFacts(log, 'hub-1');
    for (let n = 0; n < 1_000; n += 1) facts.pushed({ ...state, id: 'e1' }, pushed(1));
    facts.pushed({ ...state, id: 'e2' }, pushed(1));
    const noted = await log.readChannel(ids.project, ids.channel);
    expect(noted.filter(({ causationId }) => causationId === 'e1')).toHaveLength(20);
    expect(noted.filter(({ causationId }) => causationId === 'e2')).toHaveLength(1);
  });
});

describe('the fact that a channel was joined', () => {
  it('is appended once, however often clients come and go', () => {
    const log = new LogInMemory();
    const facts = new RealtimeFacts(log, 'hub-1');
    for (let time = 0; time < 5; time += 1) facts.joined(ids, join, cause);
    facts.close();
    expect(log.appends).toBe(1);
  });

  it('is not told twice by two replicas', async () => {
    const log = new LogInMemory();
    const recorded = log.appended('realtime.joined');
    const replicas = [new RealtimeFacts(log, 'hub-1'), new RealtimeFacts(log, 'hub-2')];
    replicas[0]?.joined(ids, join, cause);
    replicas[1]?.joined(ids, join, undefined);
    for (const replica of replicas) replica.close();
    expect(await recorded).toMatchObject({ data: join, causationId: 'cause-1' });
    expect(await log.readChannel(ids.project, ids.channel)).toHaveLength(1);
  });

  it('is recorded without being asked to', async () => {
    const log = new LogInMemory();
    const recorded = log.appended('realtime.joined');
    new RealtimeFacts(log, 'hub-1').joined(ids, join, cause);
    expect(await recorded).toMatchObject({ data: join });
  });

  it('is tried again at the next join when it was lost', async () => {
    const log = new LogInMemory();
    log.failingAppends = 1;
    const facts = new RealtimeFacts(log, 'hub-1');
    facts.joined(ids, join, cause);
    facts.close();
    await new Promise(setImmediate);
    facts.joined(ids, join, cause);
    facts.close();
    expect(log.appends).toBe(2);
    expect(await log.readChannel(ids.project, ids.channel)).toHaveLength(1);
  });

  it('is forgotten for the oldest of many channels, so that memory stays bounded', () => {
    const log = new LogInMemory();
    const facts = new RealtimeFacts(log, 'hub-1');
    for (let n = 0; n <= 10_000; n += 1) facts.joined({ ...ids, channel: `c${n}` }, join, cause);
    facts.joined({ ...ids, channel: 'c0' }, join, cause);
    facts.joined({ ...ids, channel: 'c10000' }, join, cause);
    facts.close();
    expect(log.appends).toBe(10_002);
  });
});

import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { PreparedJson } from '@headrace/contracts';
import { InMemoryViewers } from '@headrace/event-log/testing';
import type { Subscription } from '../phoenix/subscription.js';
import type { TokenSession } from '../response-channel/token-session.js';
import { LogInMemory } from '../testing/log-in-memory.js';
import { anAcceptedRequest } from '../testing/request-events.js';
import { mergeMs, ProjectWatch } from './project-watch.js';
import { mostKept, mostOfFrame } from './recent-changes.js';

interface Told {
  readonly changes: readonly { readonly channel_id: string }[];
  readonly dropped: number;
}

/** A socket that reads, or does not. */
class TestWatcher {
  waitingBytes = 0;
  readonly told: Told[] = [];
  /** Numbers of viewers, frame by frame. */
  readonly viewers: unknown[] = [];

  push(event: string, payload: PreparedJson): void {
    if (event === 'viewers') this.viewers.push((JSON.parse(payload.json) as { viewers: unknown }).viewers);
    else this.told.push(JSON.parse(payload.json) as Told);
  }

  get subscription(): Subscription<TokenSession> {
    return this as unknown as Subscription<TokenSession>;
  }
}

const project = randomUUID();
let log: LogInMemory;
let viewers: InMemoryViewers;
let watch: ProjectWatch;
let watcher: TestWatcher;

beforeEach(() => {
  jest.useFakeTimers();
  log = new LogInMemory();
  viewers = new InMemoryViewers();
  watch = new ProjectWatch({ feed: log.ofProjects, viewers }, project);
  watcher = new TestWatcher();
  join(watcher);
});
afterEach(() => {
  watch.close();
  jest.useRealTimers();
});

function join({ subscription }: TestWatcher): void {
  void watch.add(subscription);
  watch.begin(subscription);
}

async function happen(times: number): Promise<string[]> {
  const channels = Array.from({ length: times }, () => randomUUID());
  for (const channel of channels) await log.append({ project, channel, aggregate: 'request' }, anAcceptedRequest());
  return channels;
}
const channelsOf = (told: readonly Told[]): string[] => told.flatMap(({ changes }) => changes.map((c) => c.channel_id));

describe('a project that is watched', () => {
  it('is told in one frame of what happens within a tenth of a second', async () => {
    const channels = await happen(20);
    expect(watcher.told).toEqual([]);
    jest.advanceTimersByTime(mergeMs);
    expect(watcher.told).toHaveLength(1);
    expect(channelsOf(watcher.told)).toEqual(channels);
    expect(watcher.told[0]?.dropped).toBe(0);
  });

  it('is told of very much in several frames, in order', async () => {
    const channels = await happen(2 * mostOfFrame + 1);
    jest.advanceTimersByTime(mergeMs);
    expect(watcher.told.map(({ changes }) => changes.length)).toEqual([mostOfFrame, mostOfFrame, 1]);
    expect(channelsOf(watcher.told)).toEqual(channels);
  });

  it('is told to who comes later from then on', async () => {
    await happen(1);
    const late = new TestWatcher();
    join(late);
    const channels = await happen(1);
    jest.advanceTimersByTime(mergeMs);
    expect(channelsOf(late.told)).toEqual(channels);
  });

  it('is told to a socket once its join is answered, from the moment that it asked', async () => {
    const joining = new TestWatcher();
    void watch.add(joining.subscription);
    const channels = await happen(2);
    jest.advanceTimersByTime(mergeMs);
    expect(joining.told).toEqual([]);
    watch.begin(joining.subscription);
    jest.advanceTimersByTime(mergeMs);
    expect(channelsOf(joining.told)).toEqual(channels);
  });

  it('is no longer followed for a socket that left before its join was answered', () => {
    const joining = new TestWatcher();
    void watch.add(joining.subscription);
    watch.remove(joining.subscription);
    watch.begin(joining.subscription);
    expect(watch.size).toBe(1);
  });

  it('costs a socket that reads late nothing but waiting', async () => {
    watcher.waitingBytes = 1_000_000;
    const channels = await happen(3);
    jest.advanceTimersByTime(10 * mergeMs);
    expect(watcher.told).toEqual([]);
    watcher.waitingBytes = 0;
    jest.advanceTimersByTime(mergeMs);
    expect(watcher.told).toHaveLength(1);
    expect(channelsOf(watcher.told)).toEqual(channels);
  });

  it('drops the oldest changes for a socket that does not read, counts them, and others miss none', async () => {
    watcher.waitingBytes = 1_000_000;
    const reader = new TestWatcher();
    join(reader);
    const early = await happen(mostKept);
    jest.advanceTimersByTime(mergeMs);
    const later = await happen(30);
    jest.advanceTimersByTime(mergeMs);
    watcher.waitingBytes = 0;
    jest.advanceTimersByTime(mergeMs);
    expect(watcher.told.map(({ dropped }) => dropped)).toEqual([30, 0, 0, 0, 0]);
    expect(channelsOf(watcher.told)).toEqual([...early, ...later].slice(30));
    expect(channelsOf(reader.told)).toEqual([...early, ...later]);
    expect(reader.told.every(({ dropped }) => dropped === 0)).toBe(true);
  });

  it('waits for nothing when nothing happens and everybody was told', async () => {
    await happen(1);
    jest.advanceTimersByTime(mergeMs);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('is not waited for by sockets that left', async () => {
    watcher.waitingBytes = 1_000_000;
    await happen(1);
    watch.remove(watcher.subscription);
    jest.advanceTimersByTime(mergeMs);
    expect(jest.getTimerCount()).toBe(0);
    expect(watcher.told).toEqual([]);
  });
});

describe('how many look on at the requests of a project that is watched', () => {
  let counts: Record<string, number>;
  let looking: { close(): void };
  beforeEach(() => {
    counts = {};
    looking = viewers.report(() =>
      Object.entries(counts).map(([channel, count]) => ({ project, channel, viewers: count })),
    );
  });
  afterEach(() => looking.close());

  /** Counts, and lets what is new go out. */
  function look(now: Record<string, number>): void {
    counts = now;
    viewers.tell();
    jest.advanceTimersByTime(mergeMs);
  }

  it('is told when it changes, and all of it to who comes later', () => {
    look({ c1: 2, c2: 1 });
    look({ c1: 1 });
    const late = new TestWatcher();
    join(late);
    jest.advanceTimersByTime(mergeMs);
    const numbered = (channel_id: string, count: number) => ({ channel_id, viewers: count });
    expect(watcher.viewers).toEqual([
      [numbered('c1', 2), numbered('c2', 1)],
      [numbered('c1', 1), numbered('c2', 0)],
    ]);
    expect(late.viewers).toEqual([[numbered('c1', 1)]]);
    look({ c1: 1 });
    expect([watcher.viewers.length, late.viewers.length, jest.getTimerCount()]).toEqual([2, 1, 0]);
  });

  it('is told to a socket that reads late as it is then', () => {
    watcher.waitingBytes = 1_000_000;
    for (const count of [1, 2, 3]) look({ c1: count });
    expect(watcher.viewers).toEqual([]);
    watcher.waitingBytes = 0;
    jest.advanceTimersByTime(mergeMs);
    expect(watcher.viewers).toEqual([[{ channel_id: 'c1', viewers: 3 }]]);
  });

  it('is not asked for any more when nobody watches', () => {
    expect(viewers.watchers).toBe(1);
    watch.close();
    expect(viewers.watchers).toBe(0);
  });
});

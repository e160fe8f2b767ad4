import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { answerHeartbeat, ConnectionHarness, transportOf } from './testing/connection-harness.js';

const minute = 60_000;
let harness: ConnectionHarness;
beforeEach(async () => {
  harness = await ConnectionHarness.start();
  jest.spyOn(Math, 'random').mockReturnValue(0);
});
afterEach(async () => {
  await harness.stop();
  jest.restoreAllMocks();
});

/** From now on it is so much later. */
function pass(milliseconds: number): void {
  const moment = Date.now() + milliseconds;
  jest.spyOn(Date, 'now').mockReturnValue(moment);
}

describe('a connection that polls', () => {
  /** One that polls, as WebSockets were refused a moment ago. */
  async function polling() {
    harness.server.refusals.push(403, 403);
    const started = harness.connect();
    const peer = await (await harness.server.peer()).join();
    await started.until('joined');
    return { ...started, peer };
  }

  it('comes back by a WebSocket when it is lost ten minutes later', async () => {
    const { peer } = await polling();
    pass(10 * minute);
    peer.drop();
    expect(await harness.joinedOver()).toBe('websocket');
  });

  it('changes to a WebSocket ten minutes later, if one gets through', async () => {
    const { told } = await polling();
    pass(10 * minute);
    harness.page.show();
    // The one that was tried beside the polls, which says nothing.
    const probe = await harness.server.peer();
    expect(transportOf(probe)).toBe('websocket');
    await probe.closed;
    expect(await harness.joinedOver()).toBe('websocket');
    expect(told.slice(1, 6)).toEqual(['retry 2', 'opened', 'joined', 'lost', 'retry 3']);
    expect([...harness.page.tab.items]).toEqual([]);
  });

  it('goes on undisturbed ten minutes later, if none gets through', async () => {
    const { peer, told, until } = await polling();
    pass(10 * minute);
    harness.refuseAll();
    harness.page.show();
    await answerHeartbeat(peer);
    await until('alive');
    harness.page.show();
    await answerHeartbeat(peer);
    peer.push('late', {});
    await until('late {}');
    expect(told.slice(1)).toEqual(['retry 2', 'opened', 'joined', 'alive', 'alive', 'late {}']);
    expect(harness.server.upgrades).toBe(3);
  });

  it('is not disturbed by a socket that it has tried beside its polls, once those are lost', async () => {
    const { peer, told, until } = await polling();
    pass(10 * minute);
    harness.server.swallows = true;
    harness.page.show();
    const probe = await harness.server.swallowed();
    harness.server.swallows = false;
    peer.drop();
    await once(probe, 'end');
    expect(await harness.joinedOver()).toBe('longpoll');
    await until('retry 3');
    expect(told).not.toContain('unreachable');
  });

  it('leaves no socket behind that it has tried beside its polls', async () => {
    const { connection } = await polling();
    pass(10 * minute);
    harness.server.swallows = true;
    harness.page.show();
    const probe = await harness.server.swallowed();
    connection.close();
    await once(probe, 'end');
  });

  it('is as good when the tab may remember nothing', async () => {
    const forbidden = () => {
      throw new Error('denied');
    };
    const value = { getItem: forbidden, setItem: forbidden, removeItem: forbidden };
    Object.defineProperty(globalThis, 'sessionStorage', { value, configurable: true });
    const { peer, until } = await polling();
    peer.drop();
    harness.refuseAll();
    expect(await harness.joinedOver()).toBe('longpoll');
    await until('retry 3');
    expect(harness.server.upgrades).toBe(2);
  });

  it('tries a WebSocket as soon as the network is another one', async () => {
    await polling();
    harness.page.tell('online');
    const probe = await harness.server.peer();
    await probe.closed;
    expect(await harness.joinedOver()).toBe('websocket');
  });

  it('does not believe a memory that another clock wrote', async () => {
    harness.page.tab.setItem('headrace_longpoll', String(Date.now() + 60 * minute));
    harness.connect();
    expect(await harness.joinedOver()).toBe('websocket');
  });
});

describe('a connection that is told its transport', () => {
  it('only polls', async () => {
    const { told, until } = harness.connect({ transport: 'longpoll' });
    const peer = await (await harness.server.peer()).join();
    await until('joined');
    harness.server.polls = false;
    peer.drop();
    await until('unreachable');
    harness.server.polls = true;
    await harness.joinedOver();
    expect(told.slice(0, 4)).toEqual(['opened', 'joined', 'lost', 'retry 1']);
    expect([harness.server.upgrades, harness.page.tab.items.size]).toEqual([0, 0]);
  });

  it.each([{ transport: 'websocket' as const }, { longPollFallbackMs: 0 }, { longPollFallbackMs: Infinity }])(
    'never polls with %j',
    async (options) => {
      harness.server.refusals.push(403, 403);
      const { told } = harness.connect(options);
      expect(await harness.joinedOver()).toBe('websocket');
      expect(told.slice(0, 2)).toEqual(['unreachable', 'retry 1']);
      expect(harness.server.requests).toEqual([]);
    },
  );

  it('polls where there are no WebSockets at all', async () => {
    const { WebSocket } = globalThis;
    Object.defineProperty(globalThis, 'WebSocket', { value: undefined, configurable: true });
    try {
      harness.connect();
      expect(await harness.joinedOver()).toBe('longpoll');
      expect(() => harness.connect({ transport: 'websocket' })).toThrow('There is no WebSocket here');
    } finally {
      Object.defineProperty(globalThis, 'WebSocket', { value: WebSocket, configurable: true });
    }
  });
});

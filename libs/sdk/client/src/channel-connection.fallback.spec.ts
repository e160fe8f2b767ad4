import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { ChannelConnection } from './channel-connection.js';
import type { ChannelOptions } from './channel-listener.js';
import { ChannelServer, type Peer } from './testing/channel-server.js';
import { connectTo, topic } from './testing/recorded-connection.js';
import { PageInNode } from './testing/page-in-node.js';

const memory = 'headrace_longpoll';
const minute = 60_000;
let server: ChannelServer;
let page: PageInNode;
let connections: ChannelConnection[];
beforeEach(async () => {
  server = await ChannelServer.start();
  server.polls = true;
  connections = [];
  page = PageInNode.open();
  jest.spyOn(Math, 'random').mockReturnValue(0);
});
afterEach(async () => {
  for (const connection of connections) connection.close();
  await server.stop();
  jest.restoreAllMocks();
  page.leave();
});

function connect(options: Partial<ChannelOptions> = {}) {
  const started = connectTo(server, options);
  connections.push(started.connection);
  return started;
}

/** From now on it is so much later. */
function pass(milliseconds: number): void {
  const moment = Date.now() + milliseconds;
  jest.spyOn(Date, 'now').mockReturnValue(moment);
}

const refuseAll = (status = 403): void => void server.refusals.push(...Array<number>(50).fill(status));

const transportOf = ({ url }: Peer): string => url.pathname.split('/').at(-1) ?? '';

async function joinedOver(): Promise<string> {
  return transportOf(await (await server.peer()).join());
}

async function answerHeartbeat(peer: Peer): Promise<void> {
  const [, ref] = await peer.frame();
  peer.send([null, ref, 'phoenix', 'phx_reply', { status: 'ok', response: {} }]);
}

describe('a connection in a network that refuses WebSockets', () => {
  beforeEach(() => refuseAll());

  it('polls instead, with the same token and frames', async () => {
    const { told, until } = connect();
    const peer = await (await server.peer()).join();
    expect(peer.url.href).toBe('http://host/socket/longpoll?token=t&vsn=2.0.0');
    peer.push('response', { a: 1 }).push('response', { a: 2 });
    await until('response {"a":2}');
    page.show();
    await answerHeartbeat(peer);
    await until('alive');
    // That WebSockets do not get through is no trouble of the page's.
    expect(told).toEqual(['retry 1', 'opened', 'joined', 'response {"a":1}', 'response {"a":2}', 'alive']);
  });

  it('polls at once from then on: after a loss, and on the next page of the tab', async () => {
    const { until } = connect();
    const peer = await (await server.peer()).join();
    await until('joined');
    peer.drop();
    expect(await joinedOver()).toBe('longpoll');
    connect();
    expect(await joinedOver()).toBe('longpoll');
    expect(server.upgrades).toBe(1);
  });

  it('tries a WebSocket first in another tab', async () => {
    await connect().until('retry 1');
    await joinedOver();
    page = PageInNode.open();
    connect();
    expect(await joinedOver()).toBe('longpoll');
    expect(server.upgrades).toBe(2);
  });

  it('asks for nothing once it is closed', async () => {
    const { connection, told, until } = connect({ heartbeatInterval: 40 });
    const peer = await (await server.peer()).join();
    await until('joined');
    const asks = jest.spyOn(globalThis, 'fetch');
    connection.close();
    const heard = told.length;
    peer.push('late', {});
    // Meanwhile another connection lives as long as a heartbeat takes.
    server.refusals.length = 0;
    connect({ heartbeatInterval: 40, transport: 'websocket' });
    await (await (await server.peer()).join()).frame();
    expect([asks.mock.calls.length, told.length]).toEqual([0, heard]);
  });

  it('tries WebSockets and polls in turn while nothing gets through, and says so', async () => {
    server.polls = false;
    const { told, until } = connect();
    await until('retry 4');
    expect(told.slice(0, 6)).toEqual(['retry 1', 'unreachable', 'retry 2', 'retry 3', 'unreachable', 'retry 4']);
    expect([server.upgrades, server.requests.length]).toEqual([2, 2]);
    server.polls = true;
    await joinedOver();
    await until('joined');
  });

  it('is told by polls that its token is none, and renews it at once', async () => {
    server.pollAnswers.push({ status: 403 });
    const renew = jest.fn(async () => ({ url: `${server.url}/websocket?token=fresh&vsn=2.0.0`, topic }));
    const { told, until } = connect({ renew });
    const peer = await (await server.peer()).join();
    await until('joined');
    expect(peer.url.searchParams.get('token')).toBe('fresh');
    expect(told).toEqual(['retry 1', 'retry 2', 'retry 3', 'opened', 'joined']);
  });

  it('ends when polls tell it that its token is none and there is no other', async () => {
    server.pollAnswers.push({ status: 403 });
    const { told, until } = connect();
    await until('refused unauthorized_project_access');
    expect(told).toEqual(['retry 1', 'refused unauthorized_project_access']);
  });
});

describe('a connection in a network that swallows WebSockets', () => {
  it('polls once an upgrade was not answered in time', async () => {
    server.swallows = true;
    const { told, until } = connect({ longPollFallbackMs: 50 });
    expect(await joinedOver()).toBe('longpoll');
    await until('joined');
    expect(told).toEqual(['retry 1', 'opened', 'joined']);
  });

  it('polls once a join was not answered in time', async () => {
    const { told, until } = connect({ longPollFallbackMs: 50 });
    await (await server.peer()).frame();
    expect(await joinedOver()).toBe('longpoll');
    await until('joined');
    expect(told).toEqual(['opened', 'lost', 'retry 1', 'opened', 'joined']);
  });

  it('polls once heartbeats were not answered over and over', async () => {
    const { until } = connect({ heartbeatInterval: 20 });
    for (let sockets = 0; sockets < 5; sockets += 1) expect(await joinedOver()).toBe('websocket');
    expect(await joinedOver()).toBe('longpoll');
    await until('retry 5');
  });
});

describe('a connection whose WebSockets have worked', () => {
  it('comes back by one when its server restarts', async () => {
    const { until } = connect();
    const peer = await (await server.peer()).join();
    await until('joined');
    server.refusals.push(503, 503, 503);
    peer.close(1012);
    expect(await joinedOver()).toBe('websocket');
    expect(server.requests).toEqual([]);
  });

  it('polls in the end, if the network is another one than before', async () => {
    const { until } = connect();
    const peer = await (await server.peer()).join();
    await until('joined');
    refuseAll();
    peer.drop();
    expect(await joinedOver()).toBe('longpoll');
    expect(server.upgrades).toBe(1 + 4);
  });
});

describe('a connection that polls', () => {
  /** One that polls, as a WebSocket was refused a moment ago. */
  async function polling() {
    server.refusals.push(403);
    const started = connect();
    const peer = await (await server.peer()).join();
    await started.until('joined');
    return { ...started, peer };
  }

  it('comes back by a WebSocket when it is lost ten minutes later', async () => {
    const { peer } = await polling();
    pass(10 * minute);
    peer.drop();
    expect(await joinedOver()).toBe('websocket');
  });

  it('changes to a WebSocket ten minutes later, if one gets through', async () => {
    const { told } = await polling();
    pass(10 * minute);
    page.show();
    // The one that was tried beside the polls, which says nothing.
    const probe = await server.peer();
    expect(transportOf(probe)).toBe('websocket');
    await probe.closed;
    expect(await joinedOver()).toBe('websocket');
    expect(told.slice(0, 5)).toEqual(['retry 1', 'opened', 'joined', 'lost', 'retry 2']);
    expect([...page.tab.items]).toEqual([]);
  });

  it('goes on undisturbed ten minutes later, if none gets through', async () => {
    const { peer, told, until } = await polling();
    pass(10 * minute);
    refuseAll();
    page.show();
    await answerHeartbeat(peer);
    await until('alive');
    page.show();
    await answerHeartbeat(peer);
    peer.push('late', {});
    await until('late {}');
    expect(told).toEqual(['retry 1', 'opened', 'joined', 'alive', 'alive', 'late {}']);
    expect(server.upgrades).toBe(2);
  });

  it('leaves no socket behind that it has tried beside its polls', async () => {
    const { connection } = await polling();
    pass(10 * minute);
    server.swallows = true;
    page.show();
    const probe = await server.swallowed();
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
    refuseAll();
    expect(await joinedOver()).toBe('longpoll');
    await until('retry 2');
    expect(server.upgrades).toBe(1);
  });

  it('tries a WebSocket as soon as the network is another one', async () => {
    await polling();
    page.tell('online');
    const probe = await server.peer();
    await probe.closed;
    expect(await joinedOver()).toBe('websocket');
  });

  it('does not believe a memory that another clock wrote', async () => {
    page.tab.setItem(memory, String(Date.now() + 60 * minute));
    connect();
    expect(await joinedOver()).toBe('websocket');
  });
});

describe('a connection that is told its transport', () => {
  it('only polls', async () => {
    const { told, until } = connect({ transport: 'longpoll' });
    const peer = await (await server.peer()).join();
    await until('joined');
    server.polls = false;
    peer.drop();
    await until('unreachable');
    server.polls = true;
    await joinedOver();
    expect(told.slice(0, 4)).toEqual(['opened', 'joined', 'lost', 'retry 1']);
    expect([server.upgrades, page.tab.items.size]).toEqual([0, 0]);
  });

  it.each([{ transport: 'websocket' as const }, { longPollFallbackMs: 0 }, { longPollFallbackMs: Infinity }])(
    'never polls with %j',
    async (options) => {
      server.refusals.push(403, 403);
      const { told } = connect(options);
      expect(await joinedOver()).toBe('websocket');
      expect(told.slice(0, 2)).toEqual(['unreachable', 'retry 1']);
      expect(server.requests).toEqual([]);
    },
  );

  it('polls where there are no WebSockets at all', async () => {
    const { WebSocket } = globalThis;
    Object.defineProperty(globalThis, 'WebSocket', { value: undefined, configurable: true });
    try {
      connect();
      expect(await joinedOver()).toBe('longpoll');
      expect(() => connect({ transport: 'websocket' })).toThrow('There is no WebSocket here');
    } finally {
      Object.defineProperty(globalThis, 'WebSocket', { value: WebSocket, configurable: true });
    }
  });
});

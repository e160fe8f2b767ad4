import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { answerHeartbeat, ConnectionHarness } from './testing/connection-harness.js';
import { PageInNode } from './testing/page-in-node.js';
import { topic } from './testing/recorded-connection.js';

let harness: ConnectionHarness;
beforeEach(async () => {
  harness = await ConnectionHarness.start();
  jest.spyOn(Math, 'random').mockReturnValue(0);
});
afterEach(async () => {
  await harness.stop();
  jest.restoreAllMocks();
});

describe('a connection in a network that refuses WebSockets', () => {
  beforeEach(() => harness.refuseAll());

  it('polls instead, with the same token and frames', async () => {
    const { told, until } = harness.connect();
    const peer = await (await harness.server.peer()).join();
    expect(peer.url.href).toBe('http://host/socket/longpoll?token=t&vsn=2.0.0');
    peer.push('response', { a: 1 }).push('response', { a: 2 });
    await until('response {"a":2}');
    harness.page.show();
    await answerHeartbeat(peer);
    await until('alive');
    // That WebSockets do not get through is no trouble of the page's.
    const states = ['response {"a":1}', 'response {"a":2}'];
    expect(told).toEqual(['retry 1', 'retry 2', 'opened', 'joined', ...states, 'alive']);
  });

  it('polls at once from then on: after a loss, and on the next page of the tab', async () => {
    const { until } = harness.connect();
    const peer = await (await harness.server.peer()).join();
    await until('joined');
    peer.drop();
    expect(await harness.joinedOver()).toBe('longpoll');
    harness.connect();
    expect(await harness.joinedOver()).toBe('longpoll');
    expect(harness.server.upgrades).toBe(2);
  });

  it('tries a WebSocket first in another tab', async () => {
    await harness.connect().until('retry 1');
    await harness.joinedOver();
    harness.page = PageInNode.open();
    harness.connect();
    expect(await harness.joinedOver()).toBe('longpoll');
    expect(harness.server.upgrades).toBe(4);
  });

  it('asks for nothing once it is closed', async () => {
    const { connection, told, until } = harness.connect({ heartbeatInterval: 40 });
    const peer = await (await harness.server.peer()).join();
    await until('joined');
    const asks = jest.spyOn(globalThis, 'fetch');
    connection.close();
    const heard = told.length;
    peer.push('late', {});
    // Meanwhile another connection lives as long as a heartbeat takes.
    harness.server.refusals.length = 0;
    harness.connect({ heartbeatInterval: 40, transport: 'websocket' });
    await (await (await harness.server.peer()).join()).frame();
    expect([asks.mock.calls.length, told.length]).toEqual([0, heard]);
  });

  it('tries WebSockets and polls in turn while nothing gets through, and says so', async () => {
    harness.server.polls = false;
    const { told, until } = harness.connect();
    await until('retry 5');
    const polled = ['unreachable', 'retry 3', 'retry 4', 'unreachable', 'retry 5'];
    expect(told.slice(0, 7)).toEqual(['retry 1', 'retry 2', ...polled]);
    expect([harness.server.upgrades, harness.server.requests.length]).toEqual([3, 2]);
    harness.server.polls = true;
    await harness.joinedOver();
    await until('joined');
  });

  it('is told by polls that its token is none, and renews it at once', async () => {
    harness.server.pollAnswers.push({ status: 403 });
    const renew = jest.fn(async () => ({ url: `${harness.server.url}/websocket?token=fresh&vsn=2.0.0`, topic }));
    const { told, until } = harness.connect({ renew });
    const peer = await (await harness.server.peer()).join();
    await until('joined');
    expect(peer.url.searchParams.get('token')).toBe('fresh');
    expect(told).toEqual(['retry 1', 'retry 2', 'retry 3', 'retry 4', 'opened', 'joined']);
  });

  it('ends when polls tell it that its token is none and there is no other', async () => {
    harness.server.pollAnswers.push({ status: 403 });
    const { told, until } = harness.connect();
    await until('refused unauthorized_project_access');
    expect(told).toEqual(['retry 1', 'retry 2', 'refused unauthorized_project_access']);
  });
});

describe('a connection in a network that swallows WebSockets', () => {
  it('polls once an upgrade was not answered in time', async () => {
    harness.server.swallows = true;
    const { told, until } = harness.connect({ longPollFallbackMs: 50 });
    expect(await harness.joinedOver()).toBe('longpoll');
    await until('joined');
    expect(told).toEqual(['retry 1', 'opened', 'joined']);
  });

  it('polls once a join was not answered in time', async () => {
    const { told, until } = harness.connect({ longPollFallbackMs: 50 });
    await (await harness.server.peer()).frame();
    expect(await harness.joinedOver()).toBe('longpoll');
    await until('joined');
    expect(told).toEqual(['opened', 'lost', 'retry 1', 'opened', 'joined']);
  });

  it('polls once heartbeats were not answered over and over', async () => {
    const { until } = harness.connect({ heartbeatInterval: 20 });
    for (let sockets = 0; sockets < 3; sockets += 1) expect(await harness.joinedOver()).toBe('websocket');
    expect(await harness.joinedOver()).toBe('longpoll');
    await until('retry 3');
  });
});

describe('a connection whose first WebSocket a server refuses that ends', () => {
  it('comes by a second one, to the server that replaces it', async () => {
    harness.server.refusals.push(503);
    const { told, until } = harness.connect();
    expect(await harness.joinedOver()).toBe('websocket');
    await until('joined');
    expect(told).toEqual(['retry 1', 'opened', 'joined']);
    expect(harness.server.requests).toEqual([]);
  });
});

describe('a connection whose WebSockets have worked', () => {
  it('comes back by one when its server restarts', async () => {
    const { until } = harness.connect();
    const peer = await (await harness.server.peer()).join();
    await until('joined');
    harness.server.refusals.push(503, 503, 503);
    peer.close(1012);
    expect(await harness.joinedOver()).toBe('websocket');
    expect(harness.server.requests).toEqual([]);
  });

  it('polls in the end, if the network is another one than before', async () => {
    const { until } = harness.connect();
    const peer = await (await harness.server.peer()).join();
    await until('joined');
    harness.refuseAll();
    peer.drop();
    expect(await harness.joinedOver()).toBe('longpoll');
    expect(harness.server.upgrades).toBe(1 + 5);
  });
});

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { openJetStream, type TestJetStream } from '@headrace/jetstream/testing';
import { startNats, waitFor, type TestNats } from '@headrace/testing';
import type { Channel, Socket, SocketOptions } from 'phoenix';
import { HubHarness, type TestRequest } from './testing/hub-harness.js';
import { LogInMemory } from './testing/log-in-memory.js';
import { phoenixVersions } from './testing/phoenix-versions.js';
import { aCompletedRequest, aGeneratedRequest } from './testing/request-events.js';
import { RoundRobin } from './testing/round-robin.js';

/** Two hubs on one NATS, each request of a client to the other one in turn. */
interface Hub {
  readonly hub: HubHarness;
  readonly nats: TestJetStream;
}

let nats: TestNats;
let log: LogInMemory;
let hubs: Hub[];
let proxy: RoundRobin;
const sockets: Socket[] = [];
beforeAll(async () => {
  nats = await startNats();
});
afterAll(() => nats.stop());

beforeEach(async () => {
  log = new LogInMemory();
  hubs = [await aHub(), await aHub()];
  proxy = await RoundRobin.start(...hubs.map(({ hub }) => hub.url));
});
afterEach(async () => {
  sockets.splice(0).forEach((socket) => socket.disconnect());
  await proxy.stop();
  for (const hub of hubs) await stop(hub);
});

async function aHub(): Promise<Hub> {
  const connection = await openJetStream(nats);
  const hub = await HubHarness.start({ longPollWindowMs: 2_000 }, { log, peers: connection.jetStream.longPollPeers });
  return { hub, nats: connection };
}

async function stop({ hub, nats: connection }: Hub): Promise<void> {
  await hub.stop();
  await connection.jetStream.close();
}

const aRequest = (): TestRequest => (hubs[0] as Hub).hub.aRequest();

describe.each(phoenixVersions)('phoenix.js $version, whose long polls come to two hubs in turn', (client) => {
  interface Following {
    readonly socket: Socket;
    readonly channel: Channel;
    readonly statuses: string[];
    opens: number;
  }

  async function follow(request: TestRequest, options: SocketOptions = {}): Promise<Following> {
    const socket = new client.Socket(proxy.url, {
      params: { token: await (hubs[0] as Hub).hub.token(request) },
      transport: client.LongPoll,
      reconnectAfterMs: () => 10,
      rejoinAfterMs: () => 10,
      ...options,
    });
    sockets.push(socket);
    const channel = socket.channel(request.topic);
    const following: Following = { socket, channel, statuses: [], opens: 0 };
    channel.on('response', (payload) => following.statuses.push((payload as { status: string }).status));
    socket.onOpen(() => (following.opens += 1));
    socket.connect();
    channel.join();
    return following;
  }

  const isJoined = ({ channel }: Following) => waitFor(() => channel.state === 'joined', { what: 'the join' });
  const hasEnded = ({ channel }: Following) => waitFor(() => channel.state === 'closed', { what: 'the end' });

  it('has one session, and gets every state once', async () => {
    const request = aRequest();
    const following = await follow(request);
    await isJoined(following);
    await log.append(request.address, aGeneratedRequest());
    await waitFor(() => following.statuses.length === 1, { what: 'the first state' });
    // Some more polls that nothing comes of.
    const before = proxy.answered.reduce((sum, count) => sum + count);
    await waitFor(() => proxy.answered.reduce((sum, count) => sum + count) > before + 1, { what: 'empty polls' });
    await log.append(request.address, aCompletedRequest());
    await hasEnded(following);
    expect(following).toMatchObject({ statuses: ['ai_generated', 'completed'], opens: 1 });
    expect(Math.min(...proxy.answered)).toBeGreaterThan(1);
  });

  it('gets a large result', async () => {
    const request = aRequest();
    const following = await follow(request);
    const told = new Promise<unknown>((resolve) => following.channel.on('response', resolve));
    await isJoined(following);
    const text = 'ü'.repeat(5 * 1024 * 1024);
    await log.append(request.address, aCompletedRequest({ text }));
    expect(JSON.stringify(await told).includes(text)).toBe(true);
    await hasEnded(following);
  });

  it('is told everything though the hub of its session is killed', async () => {
    const request = aRequest();
    const following = await follow(request);
    await isJoined(following);
    await log.append(request.address, aGeneratedRequest());
    await waitFor(() => following.statuses.length === 1, { what: 'the first state' });
    // The first request came to the first hub, which has opened the session.
    const killed = hubs.shift() as Hub;
    proxy.kill(0);
    await killed.nats.jetStream.connection.client.close();
    await stop(killed);
    await log.append(request.address, aCompletedRequest());
    await hasEnded(following);
    expect(following.statuses.at(-1)).toBe('completed');
  });

  it('misses nothing while NATS is away', async () => {
    const request = aRequest();
    const following = await follow(request);
    await isJoined(following);
    await log.append(request.address, aGeneratedRequest());
    await waitFor(() => following.statuses.length > 0, { what: 'the first state' });
    await nats.kill();
    const isAway = (hub: Hub) => !hub.nats.jetStream.connection.isConnected;
    await waitFor(() => hubs.every(isAway), { what: 'both hubs know it' });
    await log.append(request.address, aCompletedRequest());
    await nats.restart();
    await hasEnded(following);
    expect(following.statuses.at(-1)).toBe('completed');
  });
});

import { afterEach, describe, expect, it } from '@jest/globals';
import { waitFor } from '@headrace/testing';
import type { Channel, Socket, SocketOptions } from 'phoenix';
import { HubHarness, type TestRequest } from './testing/hub-harness.js';
import { phoenixVersions } from './testing/phoenix-versions.js';
import { aCompletedRequest, aGeneratedRequest } from './testing/request-events.js';

/** The real clients on a hub that they reach by long polls only. */
let hub: HubHarness;
const sockets: Socket[] = [];
afterEach(async () => {
  sockets.splice(0).forEach((socket) => socket.disconnect());
  await hub.stop();
});

const portOf = ({ url }: HubHarness): string => new URL(url).port;

describe.each(phoenixVersions)('phoenix.js $version over long polls', (client) => {
  interface Following {
    readonly socket: Socket;
    readonly channel: Channel;
    readonly statuses: string[];
    opens: number;
  }

  async function follow(request: TestRequest, options: SocketOptions = {}): Promise<Following> {
    const socket = new client.Socket(hub.url, {
      params: { token: await hub.token(request) },
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

  it('gets its states and the end of its channel', async () => {
    hub = await HubHarness.start();
    const request = hub.aRequest();
    const following = await follow(request);
    await isJoined(following);
    await hub.log.append(request.address, aGeneratedRequest());
    await waitFor(() => following.statuses.length === 1, { what: 'the first state' });
    await hub.log.append(request.address, aCompletedRequest());
    await hasEnded(following);
    expect(following).toMatchObject({ statuses: ['ai_generated', 'completed'], opens: 1 });
    expect(following.socket.isConnected()).toBe(true);
  });

  it('gets a result that was there before it came', async () => {
    hub = await HubHarness.start();
    const request = hub.aRequest();
    await hub.log.append(request.address, aCompletedRequest());
    const following = await follow(request);
    await hasEnded(following);
    expect(following.statuses).toEqual(['completed']);
  });

  it('that comes to another process, which does not know its session, joins again and misses nothing', async () => {
    hub = await HubHarness.start();
    const other = await HubHarness.start();
    const request = hub.aRequest();
    const following = await follow(request);
    await isJoined(following);
    const polls = following.socket.conn as unknown as { pollEndpoint: string };
    polls.pollEndpoint = polls.pollEndpoint.replace(portOf(hub), portOf(other));
    await hub.log.append(request.address, aGeneratedRequest());
    await waitFor(() => following.statuses.length === 2, { what: 'the state comes again, to another join' });
    await hub.log.append(request.address, aCompletedRequest());
    await hasEnded(following);
    expect(following.statuses).toEqual(['ai_generated', 'ai_generated', 'completed']);
    await other.stop();
  });

  it('is not let in with a token that is none', async () => {
    hub = await HubHarness.start();
    const request = hub.aRequest();
    let errors = 0;
    const { socket } = await follow(request, { params: { token: 'bad' } });
    socket.onError(() => (errors += 1));
    await waitFor(() => errors > 0, { what: 'the refusal' });
    expect(socket.isConnected()).toBe(false);
  });
});

describe.each(phoenixVersions)('phoenix.js $version without WebSockets', (client) => {
  it('falls back to long polls', async () => {
    hub = await HubHarness.start();
    const request = hub.aRequest();
    await hub.log.append(request.address, aCompletedRequest());
    /** A network that never answers an upgrade. */
    class DeadWebSocket {
      readyState = 0;
      close(): void {
        this.readyState = 3;
      }
    }
    const socket = new client.Socket(hub.url, {
      params: { token: await hub.token(request) },
      transport: DeadWebSocket,
      longPollFallbackMs: 50,
    });
    sockets.push(socket);
    const channel = socket.channel(request.topic);
    const told = new Promise((resolve) => channel.on('response', resolve));
    socket.connect();
    channel.join();
    expect(await told).toMatchObject({ status: 'completed' });
  });
});

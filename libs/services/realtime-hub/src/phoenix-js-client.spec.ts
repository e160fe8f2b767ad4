import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import { openChannel, waitFor } from '@headrace/testing';
import type { Channel, Socket } from 'phoenix';
import { WebSocket } from 'ws';
import { HubHarness, type TestRequest } from './testing/hub-harness.js';
import { phoenixVersions, type PhoenixVersion } from './testing/phoenix-versions.js';
import { aCompletedRequest, aGeneratedRequest, anAcceptedRequest } from './testing/request-events.js';

let hub: HubHarness;
beforeAll(async () => {
  hub = await HubHarness.start();
});
afterAll(() => hub.stop());

/** What the real client went through. */
interface Story {
  readonly socket: Socket;
  readonly channel: Channel;
  readonly statuses: unknown[];
  readonly told: { opens: number; joins: number; closes: number; errors: number };
}

const stories: Story[] = [];
afterEach(() => stories.splice(0).forEach(({ socket }) => socket.disconnect()));

async function follow(client: PhoenixVersion, request: TestRequest): Promise<Story> {
  const socket = new client.Socket(hub.url, {
    params: { token: await hub.token(request) },
    transport: WebSocket,
    reconnectAfterMs: () => 10,
    rejoinAfterMs: () => 10,
  });
  const told = { opens: 0, joins: 0, closes: 0, errors: 0 };
  const statuses: unknown[] = [];
  socket.onOpen(() => (told.opens += 1));
  const channel = socket.channel(request.topic);
  channel.on('response', (payload) => statuses.push((payload as { status: string }).status));
  channel.onClose(() => (told.closes += 1));
  channel.onError(() => (told.errors += 1));
  socket.connect();
  channel.join().receive('ok', () => (told.joins += 1));
  const story = { socket, channel, statuses, told };
  stories.push(story);
  return story;
}

const joined = (story: Story, times: number): Promise<unknown> =>
  waitFor(() => story.told.joins >= times, { what: `${times} joins` });
const ended = (story: Story): Promise<unknown> => waitFor(() => story.told.closes > 0, { what: 'the channel ends' });

/** Long enough for many reconnects and rejoins at 10 ms each, in round trips so that a slow machine takes longer. */
async function severalRoundTrips({ socket }: Story): Promise<void> {
  for (let n = 0; n < 40; n += 1) {
    await delay(10);
    await new Promise((resolve) => expect(socket.ping(resolve)).toBe(true));
  }
}

describe.each(phoenixVersions)('phoenix.js $version', (client) => {
  it('gets its states, ends its channel, and neither reconnects nor joins again', async () => {
    const request = hub.aRequest();
    const story = await follow(client, request);
    await joined(story, 1);
    await hub.log.append(request.address, aGeneratedRequest());
    await hub.log.append(request.address, aCompletedRequest());
    await ended(story);
    expect(story.statuses).toEqual(['ai_generated', 'completed']);
    await severalRoundTrips(story);
    expect(story.told).toMatchObject({ opens: 1, joins: 1, closes: 1, errors: 0 });
    expect(story.socket.isConnected()).toBe(true);
    expect(story.socket.channels).toEqual([]);
  });

  it('gets a result that was there before it came', async () => {
    const request = hub.aRequest();
    await hub.log.append(request.address, aCompletedRequest());
    const story = await follow(client, request);
    await ended(story);
    expect(story.statuses).toEqual(['completed']);
  });

  it('comes back after a drop with the same token and gets what it missed', async () => {
    const request = hub.aRequest();
    const story = await follow(client, request);
    await joined(story, 1);
    story.socket.conn?.terminate();
    await hub.log.append(request.address, aCompletedRequest());
    await ended(story);
    expect(story.statuses).toEqual(['completed']);
    await severalRoundTrips(story);
    expect(story.told).toMatchObject({ opens: 2, joins: 2, closes: 1 });
  });

  it('may leave and join again in one breath', async () => {
    const request = hub.aRequest();
    const story = await follow(client, request);
    await joined(story, 1);
    await hub.log.append(request.address, aGeneratedRequest());
    await waitFor(() => story.statuses.length === 1);
    story.channel.leave();
    const again = story.socket.channel(request.topic);
    const statuses: unknown[] = [];
    again.on('response', (payload) => statuses.push((payload as { status: string }).status));
    again.join();
    await waitFor(() => statuses.length === 1);
    await hub.log.append(request.address, aCompletedRequest());
    await waitFor(() => again.state === 'closed');
    expect(statuses).toEqual(['ai_generated', 'completed']);
  });
});

describe.each(phoenixVersions)('phoenix.js $version, of an answer that grows', (client) => {
  it('has the whole text by the rule of index 0, also over a lost connection', async () => {
    const request = hub.aRequest();
    await hub.log.append(request.address, anAcceptedRequest());
    const told: string[] = [];
    const soFar = () => ({ next: told.length, content: told.join(''), toolCalls: [] });
    hub.pieces.offerSoFar(request.project, request.channel, soFar);
    const tell = (content: string): void => {
      hub.pieces.tell(request.project, request.channel, { index: told.push(content) - 1, content });
    };
    const story = await follow(client, request);
    let text = '';
    story.channel.on('tokens', (payload) => {
      const { data, index } = payload as { data: string; index: number };
      text = index === 0 ? data : text + data;
    });
    await joined(story, 1);
    tell('Once ');
    await waitFor(() => text === 'Once ');
    story.socket.conn?.terminate();
    tell('upon ');
    await joined(story, 2);
    tell('a time');
    await waitFor(() => text === 'Once upon a time');
    await hub.log.append(request.address, aCompletedRequest());
    await ended(story);
    expect([text, story.statuses]).toEqual(['Once upon a time', ['completed']]);
  });
});

describe('the channel client of the e2e tests', () => {
  it.each(['1.0.0', '2.0.0'] as const)('follows a request in version %s', async (vsn) => {
    const request = hub.aRequest();
    const token = await hub.token(request);
    const client = await openChannel({ websocketUrl: hub.url, topic: request.topic, token, vsn });
    await hub.log.append(request.address, aGeneratedRequest());
    expect((await client.next()).status).toBe('ai_generated');
    await hub.log.append(request.address, aCompletedRequest());
    expect((await client.next()).status).toBe('completed');
    await client.ended;
    await expect(client.next()).rejects.toThrow('No response came: the channel was closed.');
    expect(client.frames.map(({ status }) => status)).toEqual(['ai_generated', 'completed']);
    client.close();
    expect(await client.disconnected).toBe(1005);
  });

  it('says why it was refused', async () => {
    const request = hub.aRequest();
    const refused = { websocketUrl: hub.url, topic: request.topic, token: 'bad' };
    await expect(openChannel(refused)).rejects.toThrow('HTTP 403');
    const foreign = { ...refused, token: await hub.token(hub.aRequest()) };
    await expect(openChannel(foreign)).rejects.toThrow('unauthorized_project_access');
  });
});

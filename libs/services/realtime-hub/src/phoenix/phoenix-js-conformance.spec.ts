import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { waitFor } from '@headrace/testing';
import type { Channel, Message, Push, Socket, SocketOptions } from 'phoenix';
import { WebSocket } from 'ws';
import { GoldenChannels } from '../testing/golden-channels.js';
import { openMount, PhoenixMounts, wideLimits } from '../testing/phoenix-mounts.js';
import { phoenixVersions } from '../testing/phoenix-versions.js';
import { closeCodes } from './phoenix-socket.js';

/** The real clients against the channels that ran on the recorded server. */
let mounts: PhoenixMounts;
beforeAll(async () => {
  const channels = new GoldenChannels();
  const golden = {
    ...openMount,
    polls: { windowMs: 5_000 },
    acceptAuthSubprotocol: true,
    connect: ({ params, authToken = params.get('token') }: { params: URLSearchParams; authToken?: string | null }) =>
      authToken === 'bad' ? { refuse: { status: 403 } } : { session: authToken },
    channelFor: (topic: string) => (topic.startsWith('ai:') ? channels : undefined),
  };
  mounts = await PhoenixMounts.start(golden, {
    ...golden,
    path: '/quick',
    limits: { ...wideLimits, idleTimeoutMs: 1_500 },
  });
});
afterAll(() => mounts.stop());

const sockets: Socket[] = [];
afterEach(() => sockets.splice(0).forEach((socket) => socket.disconnect()));

/** Version 1 as clients of it write and read it: phoenix.js has only the second one built in. */
const versionOne: SocketOptions = {
  vsn: '1.0.0',
  encode: (message, send) => send(JSON.stringify(message)),
  decode: (frame, take) => take({ join_ref: null, ...(JSON.parse(frame) as Message) }),
};

/** What came of a push or a join. */
const outcomeOf = (push: Push): Promise<{ status: string; response: unknown }> =>
  new Promise((resolve) => {
    for (const status of ['ok', 'error', 'timeout'] as const) {
      push.receive(status, (response) => resolve({ status, response }));
    }
  });

const bytesOf = (buffer: unknown): number[] => [...new Uint8Array(buffer as ArrayBuffer)];

describe.each(phoenixVersions)('phoenix.js $version', (client) => {
  function open(options: SocketOptions = {}, path = '/socket'): { socket: Socket; heard: Message[]; closes: number[] } {
    const socket = new client.Socket(mounts.url(path), {
      transport: WebSocket,
      reconnectAfterMs: () => 10,
      rejoinAfterMs: () => 10,
      ...options,
    });
    const [heard, closes]: [Message[], number[]] = [[], []];
    socket.onMessage((message) => heard.push(message));
    socket.onClose(({ code }) => closes.push(code));
    sockets.push(socket);
    socket.connect();
    return { socket, heard, closes };
  }

  async function join(socket: Socket, topic = 'ai:t'): Promise<Channel> {
    const channel = socket.channel(topic);
    expect(await outcomeOf(channel.join())).toEqual({ status: 'ok', response: {} });
    return channel;
  }

  const joinsAgain = (channel: Channel) => waitFor(() => channel.state === 'joined', { what: 'the channel is joined' });

  describe.each([
    ['version 1 of the frames', versionOne],
    ['version 2 of the frames', {}],
    // Here it speaks version 2, whatever it is told.
    ['long polls', { transport: client.LongPoll }],
  ] as const)('in %s', (_way, options) => {
    it('joins with parameters, and is told what the channel answers', async () => {
      const { socket } = open(options);
      const channel = socket.channel('ai:reply', { token: 'q' });
      expect(await outcomeOf(channel.join())).toEqual({ status: 'ok', response: { got: { token: 'q' } } });
    });

    it('is told why a join was refused', async () => {
      const { socket } = open(options);
      const reasonOf = async (topic: string) => (await outcomeOf(socket.channel(topic).join())).response;
      expect(await reasonOf('ai:deny')).toEqual({ reason: 'unauthorized_project_access' });
      expect(await reasonOf('ai:crash')).toEqual({ reason: 'join crashed' });
      expect(await reasonOf('nope:1')).toEqual({ reason: 'unmatched topic' });
    });

    it('gets answers to its pushes, pushes of the server and broadcasts', async () => {
      const { socket } = open(options);
      const channel = await join(socket);
      const pushed = new Promise((resolve) => channel.on('pushed', resolve));
      const told = new Promise((resolve) => channel.on('bcast', resolve));
      expect(await outcomeOf(channel.push('echo', { a: 1 }))).toEqual({ status: 'ok', response: { a: 1 } });
      expect(await outcomeOf(channel.push('err', { b: 2 }))).toEqual({ status: 'error', response: { b: 2 } });
      channel.push('push_me', { c: 3 });
      channel.push('bcast', { d: 4 });
      expect([await pushed, await told]).toEqual([{ c: 3 }, { d: 4 }]);
    });

    it('leaves with an answer and one end, and may join again', async () => {
      const { socket, heard } = open(options);
      const channel = await join(socket);
      expect((await outcomeOf(channel.leave())).status).toBe('ok');
      await waitFor(() => heard.some(({ event }) => event === 'phx_close'), { what: 'the end of the channel' });
      expect(channel.state).toBe('closed');
      const again = await join(socket);
      expect(await outcomeOf(again.push('echo', {}))).toEqual({ status: 'ok', response: {} });
      expect(heard.filter(({ event }) => event === 'phx_close')).toHaveLength(1);
    });

    it('comes back after a crash of the channel, and stays away after its end', async () => {
      const { socket, heard } = open(options);
      const channel = await join(socket);
      const errors: unknown[] = [];
      channel.onError((reason) => errors.push(reason));
      channel.push('boom', {});
      await waitFor(() => errors.length === 1, { what: 'the channel fails' });
      await joinsAgain(channel);
      expect(await outcomeOf(channel.push('stop', {}))).toEqual({ status: 'ok', response: { bye: true } });
      await waitFor(() => channel.state === 'closed', { what: 'the channel is closed' });
      expect(heard.filter(({ event }) => event === 'phx_error')).toHaveLength(1);
      expect([errors.length, socket.channels.length, socket.isConnected()]).toEqual([1, 0, true]);
    });

    it('keeps several channels of one socket apart', async () => {
      const { socket } = open(options);
      const [one, two, three] = [await join(socket, 'ai:1'), await join(socket, 'ai:2'), await join(socket, 'ai:3')];
      const heard: string[] = [];
      for (const [name, channel] of Object.entries({ one, two, three })) channel.on('pushed', () => heard.push(name));
      await outcomeOf(one.leave());
      two.push('push_me', {});
      three.push('boom', {});
      await joinsAgain(three);
      await outcomeOf(two.push('echo', {}));
      expect(heard).toEqual(['two']);
    });
  });

  it('sends and gets bytes', async () => {
    const { socket } = open();
    const channel = await join(socket);
    const [pushed, told] = ['bin', 'bcast'].map((event) => new Promise((resolve) => channel.on(event, resolve)));
    const { status, response } = await outcomeOf(channel.push('echo', Uint8Array.of(1, 2, 255).buffer));
    expect([status, bytesOf(response)]).toEqual(['ok', [1, 2, 255]]);
    channel.push('push_bin', {});
    channel.push('bcast_bin', {});
    expect([bytesOf(await pushed), bytesOf(await told)]).toEqual([
      [1, 2, 3],
      [9, 8, 7],
    ]);
  });

  it('is kept by its heartbeats on a server that closes silent sockets', async () => {
    const { socket, heard, closes } = open({ heartbeatIntervalMs: 500 }, '/quick');
    await join(socket);
    const beats = () => heard.filter(({ topic, event }) => topic === 'phoenix' && event === 'phx_reply').length;
    await waitFor(() => beats() >= 4, { what: 'more than the idle time in heartbeats' });
    expect(closes).toEqual([]);
  });

  it('comes back when its socket was silent for too long', async () => {
    const { socket, closes } = open({ heartbeatIntervalMs: 60_000 }, '/quick');
    const channel = await join(socket);
    await waitFor(() => closes.length === 1, { what: 'the close' });
    expect(closes).toEqual([closeCodes.idle]);
    await joinsAgain(channel);
  });

  it.each([closeCodes.goingAway, closeCodes.restart])('comes back and joins again after a close %i', async (code) => {
    const { socket, closes } = open({ params: { token: `${client.version} ${code}` } });
    const channel = await join(socket);
    mounts.servers[0]?.closeSockets((session) => session === `${client.version} ${code}`, code);
    await waitFor(() => closes.length === 1, { what: 'the close' });
    await joinsAgain(channel);
    expect(closes).toEqual([code]);
  });

  it('never gets in with a token that is refused', async () => {
    const { socket, closes } = open({ params: { token: 'bad' } });
    let errors = 0;
    socket.onError(() => (errors += 1));
    await waitFor(() => errors >= 2 && closes.length >= 2, { what: 'two tries' });
    expect(socket.isConnected()).toBe(false);
  });
});

describe.each(phoenixVersions.filter(({ version }) => version !== '1.7.14'))('phoenix.js $version', (client) => {
  it('may show its token as subprotocol', async () => {
    const socket = new client.Socket(mounts.url('/socket'), { transport: WebSocket, authToken: 'a token' });
    sockets.push(socket);
    socket.connect();
    expect((await outcomeOf(socket.channel('ai:t').join())).status).toBe('ok');
    mounts.servers[0]?.closeSockets((session) => session === 'a token');
    await new Promise((resolve) => socket.onClose(resolve));
  });
});

import { afterEach, describe, expect, it } from '@jest/globals';
import type { FramePayload } from '@headrace/contracts';
import { createServer } from 'node:http';
import { GoldenChannels } from '../testing/golden-channels.js';
import { openMount, PhoenixMounts, wideLimits } from '../testing/phoenix-mounts.js';
import { RawClient } from '../testing/raw-client.js';
import type { EventOutcome, JoinOutcome } from './channel-handler.port.js';
import type { PhoenixOptions } from './phoenix-options.js';
import { PhoenixServer } from './phoenix-server.js';
import type { Subscription } from './subscription.js';

let mounts: PhoenixMounts;
afterEach(() => mounts.stop());

async function start(options: Partial<PhoenixOptions<unknown>>): Promise<RawClient> {
  mounts = await PhoenixMounts.start(options);
  return connect();
}

const connect = (path = '/socket/websocket?vsn=2.0.0'): Promise<RawClient> => RawClient.connect(mounts.url(path));
const ok = { status: 'ok', response: {} };

/** Joins are decided when the test says so; ends are told to the test. */
class SlowChannel extends GoldenChannels {
  readonly decision = Promise.withResolvers<JoinOutcome>();
  readonly asked = Promise.withResolvers<void>();
  readonly left = Promise.withResolvers<Subscription<unknown>>();

  override join(): JoinOutcome {
    this.asked.resolve();
    return this.decision.promise as unknown as JoinOutcome;
  }

  override leave(subscription: Subscription<unknown>): void {
    this.left.resolve(subscription);
  }
}

/** Tells the test when a subscription ends, whatever ends it. */
class WatchedChannel extends GoldenChannels {
  readonly left = Promise.withResolvers<void>();

  override leave(): void {
    this.left.resolve();
  }
}

describe('a reader that does not read', () => {
  it('is cut once more waits for it than the limit, and its subscriptions end', async () => {
    const channel = new WatchedChannel();
    const limits = { ...wideLimits, maxBufferedBytes: 64 * 1024 };
    const client = await start({ limits, channelFor: () => channel });
    client.send(['1', '1', 'ai:t', 'phx_join', {}]);
    await client.frame();
    client.socket.pause();
    // Far more than the kernel's buffers take.
    const data = 'x'.repeat(60_000);
    for (let n = 0; n < 600; n += 1) client.send(['1', `${n}`, 'ai:t', 'push_me', { data }]);
    await channel.left.promise;
    expect(mounts.servers[0]?.size).toBe(0);
    client.drop();
  });

  it('that reads again in time gets everything', async () => {
    const client = await start({ channelFor: () => new GoldenChannels() });
    client.send(['1', '1', 'ai:t', 'phx_join', {}]);
    await client.frame();
    client.socket.pause();
    for (let n = 0; n < 10; n += 1) client.send(['1', `${n}`, 'ai:t', 'push_me', { n, data: 'x'.repeat(60_000) }]);
    client.socket.resume();
    for (let n = 0; n < 10; n += 1) expect(await client.frame()).toMatchObject(['1', null, 'ai:t', 'pushed', { n }]);
    client.drop();
  });
});

const most = 64 * 1024;

/** Pushes texts until some of them wait, which the kernel's buffers put off, then one of the length that it is told. */
class PushingChannel extends WatchedChannel {
  override handle(subscription: Subscription<unknown>, event: string, length: FramePayload): EventOutcome {
    while (event === 'fill' && subscription.waitingBytes < most / 2) subscription.push('filled', 'x'.repeat(4_096));
    subscription.push('pushed', 'x'.repeat(length as number));
    return { stop: event === 'stop' };
  }
}

describe('a large frame', () => {
  async function join(channel: PushingChannel): Promise<RawClient> {
    const client = await start({ limits: { ...wideLimits, maxBufferedBytes: most }, channelFor: () => channel });
    client.send(['1', '1', 'ai:t', 'phx_join', {}]);
    await client.frame();
    return client;
  }

  it('passes whatever its size when little waits before it', async () => {
    const client = await join(new PushingChannel());
    client.send(['1', '2', 'ai:t', 'push', 4 * most]);
    expect(await client.frame()).toEqual(['1', null, 'ai:t', 'pushed', 'x'.repeat(4 * most)]);
    client.drop();
  });

  it('is followed by others while it is on its way', async () => {
    const client = await join(new PushingChannel());
    client.socket.pause();
    // Far more than the kernel's buffers take.
    client.send(['1', '2', 'ai:t', 'push', 16 * 1024 * 1024]);
    client.send(['1', '3', 'ai:t', 'stop', 1]);
    client.socket.resume();
    expect(JSON.stringify(await client.frame()).length).toBeGreaterThan(16 * 1024 * 1024);
    expect(await client.frame()).toEqual(['1', null, 'ai:t', 'pushed', 'x']);
    expect(await client.frame()).toEqual(['1', '1', 'ai:t', 'phx_close', {}]);
    client.drop();
  });

  it('cuts a reader that is behind when it would cost more than twice the limit', async () => {
    const channel = new PushingChannel();
    const client = await join(channel);
    client.socket.pause();
    client.send(['1', '2', 'ai:t', 'fill', 2 * most]);
    await channel.left.promise;
    expect(mounts.servers[0]?.size).toBe(0);
    client.drop();
  });
});

describe('a frame above the limit', () => {
  it('closes the socket with 1009', async () => {
    const client = await start({ limits: { ...wideLimits, maxFrameBytes: 1_024 } });
    client.send([null, '1', 'phoenix', 'heartbeat', { data: 'x'.repeat(2_000) }]);
    expect(await client.next()).toMatchObject({ close: { code: 1009 } });
  });
});

describe('a join that takes time', () => {
  it('holds back the frames behind it, and they are taken in order afterwards', async () => {
    const channel = new SlowChannel();
    const client = await start({ channelFor: () => channel });
    client.send(['1', '1', 'ai:t', 'phx_join', {}]);
    client.send(['1', '2', 'ai:t', 'echo', { a: 1 }]);
    client.send([null, '3', 'phoenix', 'heartbeat', {}]);
    await channel.asked.promise;
    channel.decision.resolve({ status: 'ok' });
    expect(await client.frame()).toEqual(['1', '1', 'ai:t', 'phx_reply', ok]);
    expect(await client.frame()).toEqual(['1', '2', 'ai:t', 'phx_reply', { status: 'ok', response: { a: 1 } }]);
    expect(await client.frame()).toEqual([null, '3', 'phoenix', 'phx_reply', ok]);
    client.drop();
  });

  it('ends at once when its socket is closing meanwhile', async () => {
    const channel = new SlowChannel();
    const client = await start({ channelFor: () => channel });
    client.send(['1', '1', 'ai:t', 'phx_join', {}]);
    await channel.asked.promise;
    mounts.servers[0]?.closeSockets(() => true);
    channel.decision.resolve({ status: 'ok' });
    expect((await channel.left.promise).active).toBe(false);
  });

  it('ends at once when its socket is gone meanwhile', async () => {
    const channel = new SlowChannel();
    const client = await start({ channelFor: () => channel });
    client.send(['1', '1', 'ai:t', 'phx_join', {}]);
    await channel.asked.promise;
    await mounts.servers[0]?.close(10);
    channel.decision.resolve({ status: 'ok' });
    expect((await channel.left.promise).active).toBe(false);
  });

  it('answers "join crashed" when it fails', async () => {
    const channel = new SlowChannel();
    const faults: string[] = [];
    const client = await start({ channelFor: () => channel, onFault: (what) => faults.push(what) });
    client.send(['1', '1', 'ai:t', 'phx_join', {}]);
    channel.decision.reject(new Error('no luck'));
    const crashed = { status: 'error', response: { reason: 'join crashed' } };
    expect(await client.frame()).toEqual(['1', '1', 'ai:t', 'phx_reply', crashed]);
    expect(faults).toEqual(['join']);
    client.drop();
  });
});

describe('upgrades', () => {
  it('to other paths are left to whoever listens for them', async () => {
    await start({}).then((client) => client.drop());
    const other = new PhoenixServer({ ...openMount, path: '/other' });
    other.attach(mounts.http);
    (await connect('/other/websocket')).drop();
    await other.close();
  });

  it('to other paths do not exist when nobody else listens', async () => {
    await start({}).then((client) => client.drop());
    await expect(connect('/elsewhere')).rejects.toMatchObject({ status: 404 });
  });

  it('are refused with 503 once the server closes', async () => {
    await start({}).then((client) => client.drop());
    await mounts.servers[0]?.close();
    await expect(connect()).rejects.toMatchObject({ status: 503 });
  });

  it('are refused with 500 when nobody could say who connects, and the process lives', async () => {
    mounts = await PhoenixMounts.start({ connect: () => Promise.reject(new Error('no luck')) });
    await expect(connect()).rejects.toMatchObject({ status: 500 });
  });
});

describe('a shutdown', () => {
  it('cuts clients that do not answer the close', async () => {
    const client = await start({});
    client.socket.pause();
    await mounts.servers[0]?.close(50);
    expect(mounts.servers[0]?.size).toBe(0);
    client.drop();
  });

  it('closes no more sockets a second than it is told to, and takes no new one meanwhile', async () => {
    const clients = [await start({}), await connect(), await connect()];
    const started = performance.now();
    const closed = mounts.servers[0]?.close(2_000, 10);
    await expect(connect()).rejects.toMatchObject({ status: 503 });
    for (const client of clients) expect(await client.next()).toEqual({ close: { code: 1012, reason: '' } });
    await closed;
    expect(performance.now() - started).toBeGreaterThan(190);
  });

  it('is done at once without sockets', async () => {
    mounts = await PhoenixMounts.start({});
    const idle = new PhoenixServer(openMount);
    idle.attach(createServer());
    await idle.close();
    expect(idle.size).toBe(0);
  });
});

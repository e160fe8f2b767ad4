import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { InMemoryLongPollPeers } from '@headrace/event-log/testing';
import { waitFor } from '@headrace/testing';
import { GoldenChannels } from '../../testing/golden-channels.js';
import { PhoenixMounts, wideLimits, type Mount } from '../../testing/phoenix-mounts.js';
import { PollClient } from '../../testing/poll-client.js';
import type { JoinOutcome } from '../channel-handler.port.js';

let peers: InMemoryLongPollPeers;
let channels: GoldenChannels;
/** Hubs: sessions are opened at the first one. */
const hubs: PhoenixMounts[] = [];
beforeEach(() => {
  peers = new InMemoryLongPollPeers();
  channels = new GoldenChannels();
});
afterEach(async () => {
  await Promise.all(hubs.splice(0).map((hub) => hub.stop()));
});

async function start(options: Mount = {}): Promise<{ own: PhoenixMounts; other: PhoenixMounts }> {
  const mount = { channelFor: () => channels, peers, polls: { windowMs: 2_000 }, ...options };
  const [own, other] = [await PhoenixMounts.start(mount), await PhoenixMounts.start(mount)];
  hubs.push(own, other);
  return { own, other };
}

const address = (hub: PhoenixMounts) => hub.httpUrl('/socket/longpoll?vsn=2.0.0');
const open = (hub: PhoenixMounts) => PollClient.open(address(hub));
/** The same client, of which the next requests come to another hub. */
function at(hub: PhoenixMounts, { token }: PollClient): PollClient {
  const moved = new PollClient(address(hub));
  moved.token = token;
  return moved;
}
const ok = { status: 'ok', response: {} };
const joinFrame = ['1', '1', 'ai:t', 'phx_join', {}];
const joined = ['1', '1', 'ai:t', 'phx_reply', ok];
const push = (n: number) => ['1', `${n}`, 'ai:t', 'push_me', { n }];
const pushed = (n: number) => ['1', null, 'ai:t', 'pushed', { n }];
const isPolled = (hub: PhoenixMounts) =>
  new Promise<void>((resolve) => hub.http.once('request', () => setImmediate(resolve)));

describe('a session of another hub', () => {
  it('gets its frames wherever its client polls, and what it sends wherever that comes to', async () => {
    const { own, other } = await start();
    const client = await open(own);
    const elsewhere = at(other, client);
    const waiting = elsewhere.frames();
    expect(await elsewhere.send(joinFrame)).toEqual({ status: 200 });
    expect(await waiting).toEqual([joined]);
    await client.send(push(1), push(2));
    expect(await elsewhere.frames()).toEqual([pushed(1), pushed(2)]);
    await elsewhere.send(push(3));
    expect(await client.frames()).toEqual([pushed(3)]);
    expect(elsewhere.token).toBe(client.token);
    expect([own, other].map(({ longPolls }) => longPolls[0]?.size)).toEqual([1, 0]);
  });

  it('asks nobody as long as its client comes to its own', async () => {
    const { own } = await start();
    const client = await open(own);
    await client.send(joinFrame);
    expect(await client.frames()).toEqual([joined]);
    expect(peers.asked).toBe(0);
  });

  it('is told after the window that there was nothing', async () => {
    const { own, other } = await start({ polls: { windowMs: 700 } });
    const client = at(other, await open(own));
    expect(await client.poll()).toEqual({ status: 204, messages: [], token: client.token });
  });

  it('keeps what came after its client gave a poll up', async () => {
    const { own, other } = await start();
    const client = await open(own);
    const abort = new AbortController();
    const arrived = isPolled(other);
    const left = new Promise((resolve) =>
      other.http.once('request', (_request, response) => response.once('close', resolve)),
    );
    const givenUp = expect(at(other, client).poll(abort.signal)).rejects.toThrow();
    await arrived;
    abort.abort();
    await Promise.all([givenUp, left]);
    await client.send(joinFrame, push(1));
    expect(await at(other, client).frames()).toEqual([joined, pushed(1)]);
  });

  it('keeps an answer that its client did not read to the end, before what comes after it', async () => {
    const { own, other } = await start();
    const client = await open(own);
    await client.send(joinFrame);
    other.http.prependOnceListener('request', (_request, response) => {
      // The connection breaks when the answer is on its way.
      response.end = () => response.destroy();
    });
    await expect(at(other, client).poll()).rejects.toThrow();
    await client.send(push(1));
    expect(await at(other, client).frames()).toEqual([joined, pushed(1)]);
  });

  it('ends when nobody can say whether its client got an answer: the client begins anew and joins again', async () => {
    const { own, other } = await start();
    const client = await open(own);
    await client.send(joinFrame);
    peers.connected = false;
    const lost = new AbortController();
    const asked = expect(at(other, client).poll(lost.signal)).rejects.toThrow();
    await waitFor(() => peers.asked === 1, { what: 'the other hub asked' });
    expect(await client.poll()).toEqual({ status: 500 });
    expect(await client.poll()).toMatchObject({ status: 410 });
    lost.abort();
    await asked;
  });

  it('that is gone with its hub is replaced at once by one of the hub that its client comes to', async () => {
    const { own, other } = await start();
    const [knowing, naive] = [await open(own), await open(own)];
    await hubs.shift()?.stop();
    const elsewhere = at(other, knowing);
    expect(await elsewhere.send(joinFrame)).toEqual({ status: 410 });
    expect(await elsewhere.poll()).toMatchObject({ status: 410, messages: [] });
    expect(elsewhere.token).not.toBe(knowing.token);
    await elsewhere.send(joinFrame);
    expect(await elsewhere.frames()).toEqual([joined]);
    // phoenix.js 1.7 goes on with the new session without joining: it is ended, wherever its poll comes to.
    const third = await PhoenixMounts.start({ channelFor: () => channels, peers });
    hubs.push(third);
    const moved = at(other, naive);
    expect(await moved.poll()).toMatchObject({ status: 410 });
    expect(await at(third, moved).poll()).toEqual({ status: 500 });
  });

  it('is asked for by nobody who made its token himself', async () => {
    const { own, other } = await start();
    const { token } = await open(own);
    const [prefix, header, claims = '', signature] = token.split('.');
    const said = JSON.parse(Buffer.from(claims, 'base64url').toString()) as object;
    const forged = Buffer.from(JSON.stringify({ ...said, session: 'another' })).toString('base64url');
    for (const bad of [`${prefix}.${header}.${forged}.${signature}`, token.slice(0, -1), `${prefix}.x`]) {
      const client = new PollClient(address(other));
      client.token = bad;
      expect(await client.send(joinFrame)).toEqual({ status: 410 });
      expect(await client.poll()).toMatchObject({ status: 410 });
    }
    expect(peers.asked).toBe(0);
  });

  it('goes on when the hub that its client came to stops', async () => {
    const { own, other } = await start({ polls: { windowMs: 20_000 } });
    const client = await open(own);
    const arrived = isPolled(other);
    const polling = at(other, client).fetch('GET');
    await arrived;
    other.longPolls[0]?.close();
    const let_go = await polling;
    expect(let_go.headers.get('connection')).toBe('close');
    expect(await let_go.json()).toEqual({ status: 204, messages: [], token: client.token });
    await client.send(joinFrame);
    expect(await client.frames()).toEqual([joined]);
  });

  it('ends at the shutdown of its own hub, its poll told to begin anew', async () => {
    const { own, other } = await start({ polls: { windowMs: 20_000 } });
    const client = await open(own);
    const arrived = isPolled(other);
    const polling = at(other, client).poll();
    await arrived;
    await own.servers[0]?.close();
    expect(await polling).toEqual({ status: 500 });
  });

  it('brings one frame of any size, and no more than a body may have there', async () => {
    const data = 'x'.repeat(300_000);
    channels.handle = (subscription) => {
      subscription.push('pushed', data);
      return { stop: true };
    };
    const { own, other } = await start({ limits: { ...wideLimits, maxBufferedBytes: 64 * 1024 } });
    const client = at(other, await open(own));
    await client.send(joinFrame, ['1', '2', 'ai:t', 'go', {}]);
    expect(await client.frames()).toEqual([
      joined,
      ['1', null, 'ai:t', 'pushed', data],
      ['1', '1', 'ai:t', 'phx_close', {}],
    ]);
    expect(await client.send('x'.repeat(1_100_000))).toMatchObject({ status: 413 });
    expect(await client.send(JSON.stringify(['1', '1', 'ai:t', 'echo', 'x'.repeat(70_000)]))).toMatchObject({
      status: 413,
    });
    expect(await client.send('no frame')).toMatchObject({ status: 400 });
  });

  it('lets no more wait for a join that is being decided than one body may have', async () => {
    const decision = Promise.withResolvers<JoinOutcome>();
    channels.join = () => decision.promise as unknown as JoinOutcome;
    const { own, other } = await start({ polls: { windowMs: 20_000, maxBodyBytes: 1_000 } });
    const client = at(other, await open(own));
    await client.send(joinFrame);
    const echo = ['1', '2', 'ai:t', 'echo', { a: 'x'.repeat(600) }];
    const first = client.send(echo);
    await waitFor(() => peers.asked === 2, { what: 'the first frames wait' });
    expect(await client.send(echo)).toMatchObject({ status: 413 });
    decision.resolve({ status: 'ok' });
    expect(await first).toEqual({ status: 200 });
    expect(await client.frames()).toEqual([joined, ['1', '2', 'ai:t', 'phx_reply', { ...ok, response: echo[4] }]]);
  });
});

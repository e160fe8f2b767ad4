import { afterEach, describe, expect, it } from '@jest/globals';
import { waitFor } from '@headrace/testing';
import { GoldenChannels } from '../../testing/golden-channels.js';
import { PhoenixMounts, wideLimits, type Mount } from '../../testing/phoenix-mounts.js';
import { PollClient } from '../../testing/poll-client.js';
import type { JoinOutcome } from '../channel-handler.port.js';

let mounts: PhoenixMounts;
afterEach(() => mounts.stop());

async function start(options: Mount = {}): Promise<void> {
  const channels = new GoldenChannels();
  mounts = await PhoenixMounts.start({ channelFor: () => channels, ...options });
}

const open = (vsn = '2.0.0') => PollClient.open(address(vsn));
const address = (vsn: string) => mounts.httpUrl(`/socket/longpoll?vsn=${vsn}`);
const sessions = () => [mounts.longPolls[0]?.size, mounts.servers[0]?.size];
const endOfSessions = () => waitFor(() => sessions().join() === '0,0', { what: 'the sessions are over' });
const ok = { status: 'ok', response: {} };
const joinFrame = ['1', '1', 'ai:t', 'phx_join', {}];
const joined = ['1', '1', 'ai:t', 'phx_reply', ok];

describe('a poll', () => {
  it('that waits is answered by what comes, all of one moment at once', async () => {
    await start();
    const client = await open();
    const frames = client.frames();
    await client.send(joinFrame, ['1', '2', 'ai:t', 'push_me', { n: 1 }], ['1', '3', 'ai:t', 'stop', {}]);
    expect(await frames).toEqual([
      joined,
      ['1', null, 'ai:t', 'pushed', { n: 1 }],
      ['1', '3', 'ai:t', 'phx_reply', { status: 'ok', response: { bye: true } }],
      ['1', '1', 'ai:t', 'phx_close', {}],
    ]);
  });

  it('that its client gave up loses nothing', async () => {
    await start();
    const client = await open();
    const abort = new AbortController();
    const [arrived, gone] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    mounts.http.once('request', (_request, response) => {
      arrived.resolve();
      response.once('close', () => gone.resolve());
    });
    const givenUp = expect(client.poll(abort.signal)).rejects.toThrow();
    await arrived.promise;
    abort.abort();
    await Promise.all([givenUp, gone.promise]);
    await client.send(joinFrame);
    expect(await client.frames()).toEqual([joined]);
  });

  it('of which the connection broke in the midst of the answer gets it again, before what comes after it', async () => {
    await start({ polls: { windowMs: 5_000 } });
    const client = await open();
    await client.send(joinFrame);
    mounts.http.prependOnceListener('request', (_request, response) => {
      response.end = () => response.destroy();
    });
    await expect(client.poll()).rejects.toThrow();
    await client.send(['1', '2', 'ai:t', 'push_me', { n: 1 }]);
    expect(await client.frames()).toEqual([joined, ['1', null, 'ai:t', 'pushed', { n: 1 }]]);
  });

  it('takes the place of the one before it', async () => {
    await start({ polls: { windowMs: 5_000 } });
    const client = await open();
    const second = new Promise((resolve) => mounts.http.once('request', () => resolve(client.poll())));
    expect(await client.poll()).toMatchObject({ status: 204, messages: [] });
    await client.send(joinFrame);
    expect(await second).toMatchObject({ status: 200, messages: [JSON.stringify(joined)] });
  });

  it('speaks version 1 to whom asks for it, and none that does not exist', async () => {
    await start();
    const client = await open('1.0.0');
    await client.send({ topic: 'ai:t', event: 'phx_join', payload: {}, ref: '1' });
    expect(await client.frames()).toEqual([{ topic: 'ai:t', event: 'phx_reply', payload: ok, ref: '1' }]);
    expect(await new PollClient(address('3.0.0')).poll()).toMatchObject({ status: 403 });
  });
});

describe('a session', () => {
  it('ends when nobody polls, and its subscriptions with it', async () => {
    const channels = new GoldenChannels();
    const left = new Promise((resolve) => (channels.leave = resolve));
    await start({ channelFor: () => channels, polls: { windowMs: 700 } });
    const client = await open();
    await client.send(joinFrame);
    expect(sessions()).toEqual([1, 1]);
    await left;
    expect(sessions()).toEqual([0, 0]);
  });

  it('that is gone is replaced; who then joins is served, who only polls is told to begin anew', async () => {
    await start({ polls: { windowMs: 500 } });
    const [knowing, naive] = [await open(), await open()];
    await endOfSessions();
    const old = knowing.token;
    expect(await knowing.send(joinFrame)).toEqual({ status: 410 });
    expect(await knowing.poll()).toMatchObject({ status: 410, messages: [] });
    expect(knowing.token).not.toBe(old);
    expect(await knowing.send(joinFrame)).toEqual({ status: 200 });
    expect(await knowing.frames()).toEqual([joined]);
    expect(await naive.poll()).toMatchObject({ status: 410 });
    expect(await naive.poll()).toEqual({ status: 500 });
  });

  it('is one too many above the limit, until another ends', async () => {
    await start({ polls: { maxSessions: 1, windowMs: 40 } });
    await open();
    const refused = await new PollClient(address('2.0.0')).fetch('GET');
    expect(refused.status).toBe(503);
    expect(await refused.json()).toEqual({ status: 500, reason: 'Too many long-poll sessions.' });
    await endOfSessions();
    await open();
  });

  it('for which more waits than the limit is ended', async () => {
    await start({ limits: { ...wideLimits, maxBufferedBytes: 64 * 1024 }, polls: { windowMs: 60_000 } });
    const client = await open();
    const data = 'x'.repeat(30_000);
    await client.send(joinFrame);
    for (let n = 0; n < 8; n += 1) await client.send(['1', `${n}`, 'ai:t', 'push_me', { data }]);
    await endOfSessions();
    expect(await client.poll()).toMatchObject({ status: 410 });
  });

  it('brings one frame of any size, and what follows it', async () => {
    const channels = new GoldenChannels();
    const data = 'x'.repeat(200_000);
    channels.handle = (subscription) => {
      subscription.push('pushed', data);
      return { stop: true };
    };
    await start({ channelFor: () => channels, limits: { ...wideLimits, maxBufferedBytes: 64 * 1024 } });
    const client = await open();
    await client.send(joinFrame, ['1', '2', 'ai:t', 'go', {}]);
    expect(await client.frames()).toEqual([
      joined,
      ['1', null, 'ai:t', 'pushed', data],
      ['1', '1', 'ai:t', 'phx_close', {}],
    ]);
  });

  it('ends at shutdown, its poll told to begin anew, and no other begins', async () => {
    await start({ polls: { windowMs: 5_000 } });
    const client = await open();
    const arrived = new Promise((resolve) => mounts.http.once('request', resolve));
    const waiting = client.poll();
    await arrived;
    await mounts.servers[0]?.close();
    expect(await waiting).toEqual({ status: 500 });
    expect((await new PollClient(address('2.0.0')).fetch('GET')).status).toBe(503);
  });

  it('is that of its token alone, which nobody guesses', async () => {
    await start();
    const [one, other] = [await open(), await open()];
    expect(one.token).toMatch(/^phxlp1\.[\w-]+\.[\w-]+\.[\w-]{43}$/);
    await one.send(joinFrame);
    await other.send([null, '7', 'phoenix', 'heartbeat', {}]);
    expect(await other.frames()).toEqual([[null, '7', 'phoenix', 'phx_reply', ok]]);
    expect(await one.frames()).toEqual([joined]);
  });
});

describe('what a client sends', () => {
  it.each([
    ['text that is no frame', '[1]'],
    ['bytes that are no frame', 'AAAA'],
  ])('%s ends its session', async (_what, body) => {
    await start();
    const client = await open();
    expect(await client.send(body)).toMatchObject({ status: 400, reason: expect.stringContaining('no frame') });
    expect(sessions()).toEqual([0, 0]);
  });

  it('is no more than a socket may send, or its session ends', async () => {
    await start({ limits: { ...wideLimits, maxFramesPerTenSeconds: 50 } });
    const client = await open();
    const beats = Array.from({ length: 100 }, (_, n) => [null, `${n}`, 'phoenix', 'heartbeat', {}]);
    // Twice: wherever they fall, one span of ten seconds gets too many.
    const answers = [await client.send(...beats), await client.send(...beats)];
    expect(answers.map(({ status }) => status)).not.toEqual([200, 200]);
    expect(sessions()).toEqual([0, 0]);
  });

  it('is no more than a socket may send, polls among it that come before the last one is answered', async () => {
    await start({ limits: { ...wideLimits, maxFramesPerTenSeconds: 20 }, polls: { windowMs: 20_000 } });
    const client = await open();
    const polls = Array.from({ length: 60 }, async () => (await client.poll()).status);
    // Its place is taken by new ones.
    expect([...new Set(await Promise.all(polls))].sort()).toEqual([204, 410, 500]);
  });

  it.each([
    ['neither JSON nor base64', 'hello, world', 400],
    ['too many lines', Array.from({ length: 101 }, () => '[]').join('\n'), 400],
    ['a frame above the limit', JSON.stringify(['1', '1', 'ai:t', 'echo', 'x'.repeat(70_000)]), 413],
    ['a body above the limit', `${'x'.repeat(1_000)}\n`.repeat(1_100), 413],
  ])('%s is refused, and the session goes on', async (_what, body, status) => {
    await start();
    const client = await open();
    expect(await client.send(body)).toMatchObject({ status, reason: expect.any(String) });
    await client.send(joinFrame);
    expect(await client.frames()).toEqual([joined]);
  });

  it('while its join is decided waits for that', async () => {
    const decision = Promise.withResolvers<JoinOutcome>();
    const channels = new GoldenChannels();
    channels.join = () => decision.promise as unknown as JoinOutcome;
    await start({ channelFor: () => channels });
    const client = await open();
    await client.send(joinFrame);
    const arrived = new Promise((resolve) => mounts.http.once('request', resolve));
    const sent = client.send(['1', '2', 'ai:t', 'echo', { a: 1 }]);
    await arrived;
    decision.resolve({ status: 'ok' });
    expect(await sent).toEqual({ status: 200 });
    expect(await client.frames()).toEqual([joined, ['1', '2', 'ai:t', 'phx_reply', { ...ok, response: { a: 1 } }]]);
  });

  it.each(['GET', 'POST'])('too often for one address is refused (%s)', async (method) => {
    await start({ maxPolls: 2, polls: { windowMs: 20 } });
    const ask = () => new PollClient(address('2.0.0')).fetch(method, method === 'POST' ? '[]' : undefined);
    let refusal = await ask();
    // A minute that ends meanwhile lets two more through.
    for (let tries = 0; refusal.status === 200 && tries < 5; tries += 1) refusal = await ask();
    const told = { status: 500, reason: 'Too many polls of this address.' };
    expect([refusal.status, await refusal.json()]).toEqual([429, told]);
  });

  it('from another origin than the allowed is refused', async () => {
    await start({ allowedOrigins: ['https://app.example.com'] });
    const ask = async (origin: string) =>
      (await new PollClient(address('2.0.0')).ask('GET', undefined, { origin })).status;
    expect(await ask('https://evil.example.com')).toBe(403);
    expect(await ask('https://app.example.com')).toBe(410);
  });

  it('with another method is a bad request', async () => {
    await start();
    expect((await new PollClient(address('2.0.0')).fetch('PUT')).status).toBe(400);
  });

  it('is told to begin anew when nobody could say who connects', async () => {
    await start({ connect: () => Promise.reject(new Error('no luck')) });
    expect(await new PollClient(address('2.0.0')).poll()).toEqual({ status: 500 });
  });
});

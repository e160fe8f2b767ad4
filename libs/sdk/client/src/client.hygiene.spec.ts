import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { followRequest } from './follow-request.js';
import { aCompletion, aRequest, aSuccess, ClientHarness } from './testing/client-harness.js';
import { PageInNode } from './testing/page-in-node.js';
import { next } from './testing/recorded-client.js';

let harness: ClientHarness;
let page: PageInNode;
beforeEach(async () => {
  harness = await ClientHarness.start();
  page = PageInNode.open();
});
afterEach(async () => {
  await harness.stop();
  page.leave();
  jest.restoreAllMocks();
});

/** Resolves once a timer of this length is set. */
const timerOf = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => {
    const { setTimeout } = globalThis;
    jest.spyOn(globalThis, 'setTimeout').mockImplementation((then: () => void, length?: number) => {
      if (length === milliseconds) resolve();
      return setTimeout(then, length);
    });
  });

describe('a client in a page that stood still for long', () => {
  it('does not give up before it could have heard what it missed', async () => {
    const catchesUp = timerOf(15_000);
    const { client, seen } = harness.page({ requestTimeout: 60 });
    client.connect(aRequest);
    const anHourLater = Date.now() + 3_600_000;
    jest.spyOn(Date, 'now').mockReturnValue(anHourLater);
    await catchesUp;
    const peer = await harness.joined();
    peer.push('response', aSuccess);
    expect(await next(client, 'response')).toEqual(aSuccess);
    expect(seen.filter((event) => event.startsWith('error'))).toEqual([]);
  });

  it('finds its request still kept', async () => {
    const { client } = harness.page();
    client.connect(aRequest);
    const joined = next(client, 'channel_joined');
    const peer = await harness.joined();
    await joined;
    const tomorrow = Date.now() + 86_400_000;
    jest.spyOn(Date, 'now').mockReturnValue(tomorrow);
    page.thaw();
    const [, ref] = await peer.frame();
    peer
      .send([null, ref, 'phoenix', 'phx_reply', { status: 'ok', response: {} }])
      .push('tokens', { data: 'a', index: 0 });
    await next(client, 'tokens');
    client.pause();
    expect(harness.page().client.hasPendingRequest()).toBe(true);
  });

  it('shows no negative durations when the clock was set back', async () => {
    const { client, peer } = await harness.following();
    const yesterday = Date.now() - 86_400_000;
    jest.spyOn(Date, 'now').mockReturnValue(yesterday);
    peer.push('response', aSuccess);
    await next(client, 'response');
    expect(client.getState().steps.every(({ duration = 0 }) => duration >= 0)).toBe(true);
  });
});

describe('several clients in one page', () => {
  it('come back each for itself, and leave nothing behind', async () => {
    const names = ['a', 'b', 'c'];
    const pages = names.map((name) => {
      const { client, seen } = harness.page({ storageKeyPrefix: name });
      client.connect({ ...aRequest, channelId: name, wsToken: name });
      return { client, seen };
    });
    const first = [await harness.joined(), await harness.joined(), await harness.joined()];
    for (const peer of first) peer.drop();
    const results = pages.map(({ client }) => next(client, 'response'));
    for (let comeBack = 0; comeBack < names.length; comeBack += 1) {
      const peer = await harness.joined();
      peer.push('response', { ...aSuccess, channel_id: peer.url.searchParams.get('token') });
    }
    expect((await Promise.all(results)).map(({ channel_id: id }) => id)).toEqual(names);
    expect([page.listeners, harness.storage.items.size]).toEqual([0, 0]);
  });
});

describe('a client that is told something else meanwhile', () => {
  const backend = createServer((_request, response) => void held.push(() => response.end(JSON.stringify(fresh))));
  const held: (() => void)[] = [];
  const fresh = { channel_id: 'c', ws_token: 'fresh' };
  let apiBaseUrl: string;
  beforeEach(async () => {
    held.length = 0;
    backend.listen(0, '127.0.0.1');
    await once(backend, 'listening');
    apiBaseUrl = `http://127.0.0.1:${(backend.address() as AddressInfo).port}`;
  });
  afterEach(async () => {
    backend.closeAllConnections();
    backend.close();
    await once(backend, 'close');
  });

  it.each(['pause', 'disconnect', 'reset', 'destroy'] as const)(
    'does not follow the kept request after a %s while it asked for a fresh token',
    async (stop) => {
      (await harness.following()).client.pause();
      const { client } = harness.page({ apiBaseUrl });
      const asked = once(backend, 'request');
      const reconnecting = client.reconnectWithBackend();
      await asked;
      client[stop]();
      held[0]?.();
      expect(await reconnecting).toBe(false);
      expect(client.getState().connectionState).toBe('disconnected');
      expect(harness.server.upgrades).toBe(1);
    },
  );

  it('stays with a request that it was given while it asked', async () => {
    (await harness.following()).client.pause();
    const { client } = harness.page({ apiBaseUrl });
    const asked = once(backend, 'request');
    const reconnecting = client.reconnectWithBackend();
    await asked;
    client.connect({ ...aRequest, channelId: 'd', wsToken: 'u' });
    held[0]?.();
    expect(await reconnecting).toBe(false);
    (await harness.joined()).push('response', aCompletion);
    expect(await next(client, 'response')).toEqual(aCompletion);
  });

  it('takes a fresh token for the request that it is connecting to', async () => {
    harness.server.swallows = true;
    const { client } = harness.page({ transport: 'websocket' });
    client.connect(aRequest);
    await harness.server.swallowed();
    harness.server.swallows = false;
    client.connect({ ...aRequest, wsToken: 'fresh' });
    expect((await harness.joined()).url.searchParams.get('token')).toBe('fresh');
  });
});

describe('following one request', () => {
  it.each([true, false])(
    'ends when a signal is aborted, be it in the request (%p) or the options',
    async (inRequest) => {
      const stop = new AbortController();
      const { signal } = stop;
      const request = { ...aRequest, websocketUrl: harness.server.url, ...(inRequest ? { signal } : {}) };
      const followed = followRequest(request, inRequest ? {} : { signal });
      const peer = await harness.joined();
      stop.abort(new Error('Enough'));
      await expect(followed).rejects.toThrow('Enough');
      await peer.closed;
      await expect(followRequest({ ...request, signal })).rejects.toThrow('Enough');
    },
  );
});

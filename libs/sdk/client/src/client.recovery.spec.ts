import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Peer } from './testing/channel-server.js';
import { aCompletion, aGenerated, aRequest, aSuccess, ClientHarness } from './testing/client-harness.js';
import { next } from './testing/recorded-client.js';

let harness: ClientHarness;
beforeEach(async () => {
  harness = await ClientHarness.start();
});
afterEach(async () => {
  await harness.stop();
  jest.restoreAllMocks();
});

async function answerHeartbeat(peer: Peer): Promise<void> {
  const [, ref] = await peer.frame();
  peer.send([null, ref, 'phoenix', 'phx_reply', { status: 'ok', response: {} }]);
}

describe('a client that loses its connection', () => {
  it('comes back with the same token and is told each state once', async () => {
    const { client, seen, peer } = await harness.following();
    peer.push('response', aGenerated);
    await next(client, 'response');
    peer.drop();
    const again = await harness.joined();
    expect(again.url.searchParams.get('token')).toBe('t');
    again.push('response', aGenerated).push('response', aCompletion);
    expect(await next(client, 'response')).toEqual(aCompletion);
    expect(seen).toEqual([
      'connecting',
      'connected',
      'channel_joined',
      'response ai_generated',
      'disconnected Socket closed',
      'reconnecting',
      'connected',
      'channel_joined',
      'response completed',
      'disconnected Socket closed',
    ]);
  });

  it('is told the text of an answer without gaps or repeats', async () => {
    const { client, peer } = await harness.following();
    const told: string[] = [];
    client.on('tokens', ({ data, index, text }) => told.push(`${index}:${data}:${text.length}`));
    peer.push('tokens', { data: 'Once ', index: 0 }).push('tokens', { data: 'upon ', index: 1 });
    while (told.length < 2) await next(client, 'tokens');
    peer.drop();
    const again = await harness.joined();
    again.push('tokens', { data: 'Once upon a ', index: 0 }).push('tokens', { data: 'time', index: 1 });
    again.push('response', aSuccess);
    await next(client, 'response');
    expect(told).toEqual(['0:Once :5', '1:upon :10', '2:a :12', '3:time:16']);
  });

  it('comes back after a restart of the hub', async () => {
    jest.spyOn(Math, 'random').mockReturnValue(0.02);
    const { client, peer } = await harness.following();
    peer.close(1012);
    (await harness.joined()).push('response', aSuccess);
    expect(await next(client, 'response')).toEqual(aSuccess);
  });

  it('says once that it cannot get through, and takes that back when it does', async () => {
    harness.server.refusals.push(403, 403);
    const { client, seen } = harness.page();
    client.connect(aRequest);
    await next(client, 'error');
    expect(client.getState()).toMatchObject({ errorCode: 'unreachable', isConnecting: true });
    expect(client.getState().steps[0]).toMatchObject({ status: 'error', errorMessage: 'WebSocket connection error' });
    await harness.joined();
    await next(client, 'channel_joined');
    expect(seen.filter((event) => event.startsWith('error'))).toEqual(['error WebSocket connection error']);
    expect(client.getState()).toMatchObject({ error: null, errorCode: null });
    expect(client.getState().steps[0]).toMatchObject({ status: 'success', errorMessage: undefined });
  });

  it('gives up when nothing is heard of the request for too long', async () => {
    const { client, seen, peer } = await harness.following({ requestTimeout: 60 });
    expect(await next(client, 'error')).toBe('Request timed out');
    await peer.closed;
    expect(seen.slice(-2)).toEqual(['disconnected Request timed out', 'error Request timed out']);
    expect(client.getState()).toMatchObject({
      connectionState: 'error',
      errorCode: 'timeout',
      hasPendingRequest: true,
    });
  });

  it.each([0, Infinity])('waits without limit when its limit is %d', async (requestTimeout) => {
    const { client, seen, peer } = await harness.following({ requestTimeout, heartbeatInterval: 40 });
    for (let beats = 0; beats < 2; beats += 1) await answerHeartbeat(peer);
    peer.push('response', aSuccess);
    await next(client, 'response');
    expect(seen.filter((event) => event.startsWith('error'))).toEqual([]);
  });

  it('waits without limit while the backend is awaited', async () => {
    const { client, seen, peer } = await harness.following({ requestTimeout: 60, heartbeatInterval: 40 });
    peer.push('response', aGenerated);
    for (let beats = 0; beats < 3; beats += 1) await answerHeartbeat(peer);
    peer.push('response', aCompletion);
    await next(client, 'response');
    expect(seen.filter((event) => event.startsWith('error'))).toEqual([]);
  });
});

describe('a page that is loaded again', () => {
  const reload = (options = {}) => harness.page(options);

  it('follows the kept request again, and nothing is kept after its end', async () => {
    const { peer } = await harness.following();
    peer.drop();
    const { client } = reload();
    expect(client.hasPendingRequest()).toBe(true);
    expect(client.reconnect()).toBe(true);
    const again = await harness.joined();
    again.push('response', aSuccess);
    expect(await next(client, 'response')).toEqual(aSuccess);
    expect([...harness.storage.items]).toEqual([]);
    expect(reload().client.reconnect()).toBe(false);
  });

  it('keeps it where the ModelRiver client does', async () => {
    await harness.following();
    const kept = JSON.parse(harness.storage.getItem('modelriver_active_request') ?? '') as object;
    expect(kept).toEqual({ ...aRequest, timestamp: expect.any(Number) });
  });

  it('does not find a request that was not seen alive for long', async () => {
    const { client, peer } = await harness.following();
    client.pause();
    await peer.closed;
    expect(reload().client.hasPendingRequest()).toBe(true);
    const later = Date.now() + 301_000;
    jest.spyOn(Date, 'now').mockReturnValue(later);
    expect(reload().client.hasPendingRequest()).toBe(false);
    expect([...harness.storage.items]).toEqual([]);
  });

  it('finds one that waits for days, if a page followed it lately', async () => {
    const { client, peer } = await harness.following({ heartbeatInterval: 40 });
    const days = Date.now() + 3 * 86_400_000;
    jest.spyOn(Date, 'now').mockReturnValue(days);
    // The second heartbeat shows that the answer to the first was taken.
    await answerHeartbeat(peer);
    await peer.frame();
    client.pause();
    jest.spyOn(Date, 'now').mockReturnValue(days + 299_000);
    expect(reload().client.hasPendingRequest()).toBe(true);
  });

  it('does not forget what another page keeps', async () => {
    const { client, peer } = await harness.following();
    await harness.following({}, { channelId: 'd' });
    peer.push('response', aSuccess);
    await next(client, 'response');
    expect(reload().client.hasPendingRequest()).toBe(true);
  });

  it('keeps nothing where nothing may be kept', async () => {
    const forbidden = () => {
      throw new Error('denied');
    };
    const storage = { getItem: forbidden, setItem: forbidden, removeItem: forbidden };
    const { client, peer } = await harness.following({ storage });
    expect(client.hasPendingRequest()).toBe(false);
    peer.push('response', aSuccess);
    expect(await next(client, 'response')).toEqual(aSuccess);
  });

  it('keeps nothing when it is told not to', async () => {
    const { client } = await harness.following({ persist: false });
    expect([client.hasPendingRequest(), client.reconnect(), harness.storage.items.size]).toEqual([false, false, 0]);
  });

  it('keeps several requests when their clients have prefixes of their own', async () => {
    await harness.following({ storageKeyPrefix: 'left_' });
    await harness.following({ storageKeyPrefix: 'right_' }, { channelId: 'd' });
    const [left, right] = [reload({ storageKeyPrefix: 'left_' }), reload({ storageKeyPrefix: 'right_' })];
    expect([left.client.reconnect(), right.client.reconnect()]).toEqual([true, true]);
  });
});

describe('a client that can ask its backend for fresh tokens', () => {
  interface Call {
    readonly method?: string;
    readonly url?: string;
    readonly body: unknown;
  }
  const calls: Call[] = [];
  const statuses: number[] = [];
  const backend = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      calls.push({ method: request.method, url: request.url, body: JSON.parse(Buffer.concat(chunks).toString()) });
      response.writeHead(statuses.shift() ?? 200, { 'content-type': 'application/json', connection: 'close' });
      response.end(JSON.stringify({ channel_id: 'c', ws_token: 'fresh', websocket_url: harness.server.url }));
    });
  });
  let apiBaseUrl: string;
  beforeEach(async () => {
    calls.length = statuses.length = 0;
    backend.listen(0, '127.0.0.1');
    await once(backend, 'listening');
    apiBaseUrl = `http://127.0.0.1:${(backend.address() as AddressInfo).port}/`;
  });
  afterEach(async () => {
    backend.close();
    await once(backend, 'close');
  });
  const theCall = { method: 'POST', url: '/api/v1/ai/reconnect', body: { channel_id: 'c' } };

  it('does so by itself when its token has expired, and keeps the fresh one', async () => {
    const { client, seen } = harness.page({ apiBaseUrl });
    client.connect(aRequest);
    await (await harness.server.peer()).join('error', { reason: 'unauthorized_project_access' });
    const peer = await harness.joined();
    expect(peer.url.searchParams.get('token')).toBe('fresh');
    peer.push('response', aGenerated);
    await next(client, 'response');
    expect(calls).toEqual([theCall]);
    expect(harness.storage.getItem('modelriver_active_request')).toContain('"wsToken":"fresh"');
    expect(seen).not.toContain('channel_error unauthorized_project_access');
  });

  it('is refused when its backend gives none', async () => {
    statuses.push(404);
    const { client } = harness.page({ apiBaseUrl });
    client.connect(aRequest);
    await (await harness.server.peer()).join('error', { reason: 'unauthorized_project_access' });
    expect(await next(client, 'error')).toBe('Unauthorized: You do not have access to this project');
    expect(client.getState()).toMatchObject({ connectionState: 'error', errorCode: 'refused' });
  });

  it('reconnects a kept request with a fresh token when it is told to', async () => {
    const { client } = await harness.following();
    client.pause();
    const reloaded = harness.page({ apiBaseUrl }).client;
    expect(await reloaded.reconnectWithBackend()).toBe(true);
    expect(calls).toEqual([theCall]);
    expect((await harness.joined()).url.searchParams.get('token')).toBe('fresh');
  });

  it('does not reconnect what is not kept, and not without a token', async () => {
    expect(await harness.page({ apiBaseUrl }).client.reconnectWithBackend()).toBe(false);
    await harness.following();
    expect(await harness.page().client.reconnectWithBackend()).toBe(false);
    for (const status of [401, 503]) {
      statuses.push(status);
      expect(await harness.page({ apiBaseUrl }).client.reconnectWithBackend()).toBe(false);
    }
  });

  it('asks in its own way when it is given one', async () => {
    const refreshAccess = jest.fn(async (_channelId: string) => ({
      channel_id: 'c',
      ws_token: 'own',
      websocket_url: harness.server.url,
    }));
    const { client } = harness.page({ refreshAccess });
    client.connect(aRequest);
    await (await harness.server.peer()).join('error', { reason: 'unauthorized_project_access' });
    expect((await harness.joined()).url.searchParams.get('token')).toBe('own');
    expect(refreshAccess).toHaveBeenCalledWith('c');
  });
});

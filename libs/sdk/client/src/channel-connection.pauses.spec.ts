import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { ChannelConnection } from './channel-connection.js';
import type { ChannelOptions } from './channel-listener.js';
import { ChannelServer, type Peer } from './testing/channel-server.js';
import { PageInNode } from './testing/page-in-node.js';
import { connectTo, topic } from './testing/recorded-connection.js';

let server: ChannelServer;
let page: PageInNode;
let connections: ChannelConnection[];
beforeEach(async () => {
  server = await ChannelServer.start();
  page = PageInNode.open();
  connections = [];
});
afterEach(async () => {
  for (const connection of connections) connection.close();
  await server.stop();
  page.leave();
  jest.restoreAllMocks();
});

function connect(options: Partial<ChannelOptions> = {}) {
  const started = connectTo(server, { transport: 'websocket', ...options });
  connections.push(started.connection);
  return started;
}

/** One that has joined, and the server's end of it. */
async function joined(options: Partial<ChannelOptions> = {}) {
  const started = connect(options);
  const peer = await (await server.peer()).join();
  await started.until('joined');
  return { ...started, peer };
}

/** Nothing is tried again by itself any more, but hours later. */
const retryInHours = (): void => void jest.spyOn(Math, 'random').mockReturnValue(1_000_000);

const answerTo = (ref: string | null): unknown => [null, ref, 'phoenix', 'phx_reply', { status: 'ok', response: {} }];

async function heartbeatOf(peer: Peer): Promise<string | null> {
  const [, ref, , event] = await peer.frame();
  expect(event).toBe('heartbeat');
  return ref;
}

describe('a connection of a page that was away', () => {
  const wakings: Record<string, () => void> = {
    'is shown': () => page.show(),
    'is thawed': () => page.thaw(),
    'has its network back': () => page.tell('online'),
    'comes back from the cache of pages': () => page.tell('pageshow'),
  };

  it.each(Object.keys(wakings))('is tried again at once when the page %s', async (waking) => {
    const { peer, until } = await joined();
    retryInHours();
    peer.drop();
    await until('retry 1');
    wakings[waking]?.();
    await (await server.peer()).join();
  });

  it.each(Object.keys(wakings))('is asked whether it is alive when the page %s', async (waking) => {
    const { peer, until } = await joined();
    wakings[waking]?.();
    peer.send(answerTo(await heartbeatOf(peer)));
    await until('alive');
  });

  it('is replaced when it does not answer that', async () => {
    const { peer, told } = await joined({ answerMs: 1_000 });
    page.show();
    await peer.closed;
    await (await server.peer()).frame();
    expect(told.slice(2, 4)).toEqual(['lost', 'retry 1']);
  });

  it('is asked once, and not when the page is hidden', async () => {
    const { peer, until } = await joined();
    page.hide();
    page.show();
    page.thaw();
    page.tell('pageshow');
    peer.send(answerTo(await heartbeatOf(peer))).push('told', {});
    await until('told {}');
    page.show();
    // Join, the first question, this one.
    expect(await heartbeatOf(peer)).toBe('3');
  });

  it('holds no socket while the page is in the cache of pages', async () => {
    const { peer, told } = await joined();
    retryInHours();
    page.tell('pagehide');
    await peer.closed;
    expect(told.slice(2)).toEqual(['lost', 'retry 1']);
    page.tell('pageshow');
    await (await server.peer()).join();
  });

  it('listens to nothing of the page once it is closed', async () => {
    expect(page.listeners).toBe(0);
    const { connection, peer, told } = await joined();
    expect(page.listeners).toBeGreaterThan(0);
    connection.close();
    await peer.closed;
    for (const wake of Object.values(wakings)) wake();
    expect([page.listeners, told]).toEqual([0, ['opened', 'joined']]);
  });
});

describe('a connection to a server that behaves badly', () => {
  it('joins again although the answer to a heartbeat comes after the channel broke', async () => {
    const { peer } = await joined();
    page.show();
    const ref = await heartbeatOf(peer);
    peer.end('phx_error').send(answerTo(ref));
    expect((await peer.frame())[3]).toBe('phx_join');
  });

  it('ignores frames that hold no object', async () => {
    const { peer, told, until } = await joined();
    for (const payload of [null, 'text', 7, true]) {
      peer.send(['1', null, topic, 'response', payload]).send(['1', '1', topic, 'phx_reply', payload]);
    }
    peer.push('last', {});
    await until('last {}');
    expect(told).toEqual(['opened', 'joined', 'last {}']);
  });

  it('asks for another address when the fresh one is none', async () => {
    const renew = jest.fn(async () => ({ url: `${server.url}/websocket?token=good&vsn=2.0.0`, topic }));
    renew.mockResolvedValueOnce({ url: 'no address', topic });
    const { until, told } = connect({ renew });
    await (await server.peer()).join('error', { reason: 'unauthorized_project_access' });
    const peer = await server.peer();
    expect(peer.url.searchParams.get('token')).toBe('good');
    await peer.join();
    await until('joined');
    expect(told).toContain('unreachable');
  });

  it('gets another token when the fresh one has expired before it was used', async () => {
    const renew = jest.fn(async () => ({ url: `${server.url}/websocket?token=fresh&vsn=2.0.0`, topic }));
    const { until } = connect({ renew });
    await (await server.peer()).join('error', { reason: 'unauthorized_project_access' });
    const peer = await server.peer();
    const anHourLater = Date.now() + 3_600_000;
    jest.spyOn(Date, 'now').mockReturnValue(anHourLater);
    await peer.join('error', { reason: 'unauthorized_project_access' });
    await (await server.peer()).join();
    await until('joined');
    expect(renew).toHaveBeenCalledTimes(2);
  });
});

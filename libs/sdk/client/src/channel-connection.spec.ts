import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { ChannelConnection } from './channel-connection.js';
import type { ChannelOptions } from './channel-listener.js';
import { ChannelServer } from './testing/channel-server.js';
import { connectTo, topic } from './testing/recorded-connection.js';

let server: ChannelServer;
let connections: ChannelConnection[];
beforeEach(async () => {
  server = await ChannelServer.start();
  connections = [];
});
afterEach(async () => {
  for (const connection of connections) connection.close();
  await server.stop();
  jest.restoreAllMocks();
});

/** Over WebSockets only. */
function connect(options: Partial<ChannelOptions> = {}) {
  const started = connectTo(server, { transport: 'websocket', ...options });
  connections.push(started.connection);
  return started;
}

describe('a channel connection', () => {
  it('speaks the frames of Phoenix 1.8.12', async () => {
    const { until, told } = connect({ heartbeatInterval: 50 });
    const peer = await server.peer();
    expect(peer.url.search).toBe('?token=t&vsn=2.0.0');
    expect(await peer.text()).toBe(`["1","1","${topic}","phx_join",{}]`);
    peer.send(`["1","1","${topic}","phx_reply",{"response":{},"status":"ok"}]`);
    await until('joined');
    expect(await peer.text()).toBe('[null,"2","phoenix","heartbeat",{}]');
    peer.send('[null,"2","phoenix","phx_reply",{"response":{},"status":"ok"}]');
    await until('alive');
    peer.send(`["1",null,"${topic}","pushed",{"a":1}]`).send(`[null,null,"${topic}","broadcast",{}]`);
    await until('broadcast {}');
    expect(told).toEqual(['opened', 'joined', 'alive', 'pushed {"a":1}', 'broadcast {}']);
  });

  it('ignores what is not for it', async () => {
    const { told, until } = connect();
    const peer = await (await server.peer()).join();
    peer.send('no JSON').send({ topic, event: 'response' }).send(['1', null, topic]);
    peer.send(['1', null, 'another:topic', 'response', {}]).send(['0', '0', topic, 'phx_close', {}]);
    peer.send(['0', null, topic, 'response', {}]).send(['1', '77', topic, 'phx_reply', { status: 'error' }]);
    peer.push('last', {});
    await until('last {}');
    expect(told).toEqual(['opened', 'joined', 'last {}']);
  });

  it.each(['phx_error', 'phx_close'] as const)('joins again on the same socket after %s', async (event) => {
    const { told, until } = connect();
    const peer = await (await server.peer()).join();
    peer.end(event);
    expect(await peer.text()).toBe(`["2","2","${topic}","phx_join",{}]`);
    peer.send(['2', '2', topic, 'phx_reply', { status: 'ok', response: {} }]);
    peer.send(['1', null, topic, 'stale', {}]).send(['2', null, topic, 'fresh', {}]);
    await until('fresh {}');
    expect(told).toEqual(['opened', 'joined', 'retry 1', 'joined', 'fresh {}']);
    expect(server.upgrades).toBe(1);
  });

  it.each([1000, 1001, 1006, 1008, 1011, 1012, 4001])('comes back after a close with %i', async (code) => {
    jest.spyOn(Math, 'random').mockReturnValue(0);
    const { told } = connect();
    const peer = await (await server.peer()).join();
    if (code === 1006) peer.drop();
    else peer.close(code);
    await (await server.peer()).join();
    expect(told.slice(0, 5)).toEqual(['opened', 'joined', 'lost', 'retry 1', 'opened']);
  });

  it('comes back when its heartbeats are not answered', async () => {
    const { told, until } = connect({ heartbeatInterval: 40 });
    await (await server.peer()).join();
    await (await server.peer()).join();
    await until('lost');
    expect(told.slice(0, 4)).toEqual(['opened', 'joined', 'lost', 'retry 1']);
  });

  it('comes back when its join is not answered', async () => {
    const { told } = connect({ answerMs: 1_000 });
    await (await server.peer()).frame();
    await (await server.peer()).join();
    expect(told.slice(0, 4)).toEqual(['opened', 'lost', 'retry 1', 'opened']);
  });

  it('joins again when the server could not take the join', async () => {
    const { told, until } = connect();
    const peer = await (await server.peer()).join('error', { reason: 'join crashed' });
    await peer.join();
    await until('joined');
    expect(told).toEqual(['opened', 'retry 1', 'joined']);
  });

  it.each([
    'unauthorized_project_access',
    'invalid_channel_format',
    'invalid_project_uuid',
    'invalid_channel_uuid',
    'unmatched topic',
  ])('ends when it is refused with %s', async (reason) => {
    const { told, until } = connect();
    const peer = await (await server.peer()).join('error', { reason });
    await until(`refused ${reason}`);
    await peer.closed;
    expect(told).toEqual(['opened', `refused ${reason}`]);
  });

  it('tells nothing after it was closed', async () => {
    const { connection, told, until } = connect();
    const peer = await (await server.peer()).join();
    await until('joined');
    connection.close();
    peer.push('late', {});
    await peer.closed;
    expect(told).toEqual(['opened', 'joined']);
  });
});

describe('a connection whose address can be renewed', () => {
  const renewed = () => ({ url: `${server.url}/websocket?token=fresh&vsn=2.0.0`, topic });

  it('is renewed when its token has expired, and joins with the fresh one', async () => {
    const renew = jest.fn(async () => renewed());
    const { told, until } = connect({ renew });
    await (await server.peer()).join('error', { reason: 'unauthorized_project_access' });
    const peer = await server.peer();
    expect(peer.url.searchParams.get('token')).toBe('fresh');
    await peer.join();
    await until('joined');
    expect(told).toEqual(['opened', 'lost', 'retry 1', 'opened', 'joined']);
    expect(renew).toHaveBeenCalledTimes(1);
  });

  it('ends when the fresh token is refused too', async () => {
    const { until } = connect({ renew: async () => renewed() });
    await (await server.peer()).join('error', { reason: 'unauthorized_project_access' });
    await (await server.peer()).join('error', { reason: 'unauthorized_project_access' });
    await until('refused unauthorized_project_access');
  });

  it('ends when there is no fresh token', async () => {
    const { until } = connect({ renew: async () => undefined });
    await (await server.peer()).join('error', { reason: 'unauthorized_project_access' });
    await until('refused unauthorized_project_access');
  });

  it('asks again later when there is none now', async () => {
    const renew = jest.fn(async () => renewed()).mockRejectedValueOnce(new Error('down'));
    const { until } = connect({ renew });
    await (await server.peer()).join('error', { reason: 'unauthorized_project_access' });
    // The old token is tried in between: it may have been another reason.
    await (await server.peer()).join('error', { reason: 'unauthorized_project_access' });
    await (await server.peer()).join();
    await until('joined');
    expect(renew).toHaveBeenCalledTimes(2);
  });

  it('is renewed after three sockets in a row could not be opened', async () => {
    server.refusals.push(403, 403, 403);
    const { told, until } = connect({ renew: async () => renewed() });
    const peer = await server.peer();
    expect(peer.url.searchParams.get('token')).toBe('fresh');
    await peer.join();
    await until('joined');
    expect(told.filter((what) => what === 'unreachable')).toHaveLength(3);
  });

  it('keeps trying the old address when there is no other and it is only out of reach', async () => {
    server.refusals.push(503, 503, 503);
    const { until } = connect({ renew: async () => undefined });
    const peer = await server.peer();
    expect(peer.url.searchParams.get('token')).toBe('t');
    await peer.join();
    await until('joined');
  });
});

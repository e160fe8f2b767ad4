import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { HeadraceClient } from './client.js';
import { aCompletion, aFailure, aGenerated, aRequest, aSuccess, ClientHarness } from './testing/client-harness.js';
import { next } from './testing/recorded-client.js';

let harness: ClientHarness;
beforeEach(async () => {
  harness = await ClientHarness.start();
});
afterEach(async () => {
  await harness.stop();
  jest.restoreAllMocks();
});

const stepsOf = (client: HeadraceClient): string[] =>
  client.getState().steps.map(({ id, status }) => `${id} ${status}`);

describe('a client', () => {
  it('knows nothing at first', () => {
    expect(new HeadraceClient().getState()).toEqual({
      connectionState: 'disconnected',
      isConnected: false,
      isConnecting: false,
      steps: [],
      response: null,
      text: '',
      error: null,
      errorCode: null,
      hasPendingRequest: false,
      isCompleted: false,
    });
  });

  it('follows a request to its end', async () => {
    const { client, seen } = harness.page();
    client.connect(aRequest);
    expect(client.getState()).toMatchObject({ connectionState: 'connecting', isConnecting: true });
    expect(stepsOf(client)).toEqual(['queue pending', 'process pending', 'receive pending', 'complete pending']);
    const peer = await harness.joined();
    expect(peer.url.search).toBe('?token=t&vsn=2.0.0');
    await next(client, 'channel_joined');
    expect(client.getState()).toMatchObject({ connectionState: 'connected', isConnected: true });
    expect(stepsOf(client)[0]).toBe('queue success');
    peer.push('response', aSuccess);
    expect(await next(client, 'response')).toEqual(aSuccess);
    await peer.closed;
    expect(seen).toEqual([
      'connecting',
      'connected',
      'channel_joined',
      'response success',
      'disconnected Socket closed',
    ]);
    expect(stepsOf(client)).toEqual(['queue success', 'process success', 'receive success', 'complete success']);
    expect(client.getState()).toMatchObject({ response: aSuccess, isCompleted: true, connectionState: 'disconnected' });
  });

  it('shows the backend of an event-driven request as a step of its own', async () => {
    const { client, seen, peer } = await harness.following();
    peer.push('response', aGenerated);
    expect(await next(client, 'response')).toEqual(aGenerated);
    expect(client.getState().steps).toMatchObject([
      { id: 'queue', status: 'success' },
      { id: 'process', status: 'success', duration: 70 },
      { id: 'backend', status: 'pending', name: 'Waiting for backend callback...' },
      { id: 'receive', status: 'pending' },
      { id: 'complete', status: 'pending' },
    ]);
    expect(client.getState()).toMatchObject({ isConnected: true, isCompleted: false });
    peer.push('response', aCompletion);
    expect(await next(client, 'response')).toEqual(aCompletion);
    expect(client.getState().steps).toMatchObject([{}, { duration: 70 }, { name: 'Backend processed' }, {}, {}]);
    expect(seen.filter((event) => event.startsWith('response'))).toEqual([
      'response ai_generated',
      'response completed',
    ]);
  });

  it('tells a failed request as a response, with its message and code', async () => {
    const { client, seen, peer } = await harness.following();
    peer.push('response', aGenerated).push('response', aFailure);
    await peer.closed;
    expect(seen.slice(-3)).toEqual(['response ai_generated', 'response error', 'disconnected Socket closed']);
    expect(stepsOf(client)).toEqual([
      'queue success',
      'process success',
      'backend error',
      'receive error',
      'complete error',
    ]);
    expect(client.getState()).toMatchObject({
      error: 'The backend did not call back.',
      errorCode: 'callback_timeout',
      isCompleted: false,
      hasPendingRequest: false,
    });
  });

  it.each([
    [{ status: 'SUCCESS' }, true],
    [{ status: 'ok' }, true],
    [{ status: 'other', meta: { status: 'success' } }, true],
    [{ status: 'other' }, false],
  ])('takes %j as an end', async (response, isCompleted) => {
    const { client, peer } = await harness.following();
    peer.push('response', response);
    await next(client, 'response');
    expect(client.getState().isCompleted).toBe(isCompleted);
  });

  it('tells exactly one final result', async () => {
    const { seen, peer } = await harness.following();
    peer.push('response', aSuccess).push('response', aSuccess).push('response', aFailure).end('phx_close');
    await peer.closed;
    expect(seen.filter((event) => event.startsWith('response'))).toEqual(['response success']);
  });

  it('tells text as it is generated', async () => {
    const { client, peer } = await harness.following();
    peer.push('tokens', { data: 'Once ', index: 0 });
    expect(await next(client, 'tokens')).toEqual({ data: 'Once ', index: 0, text: 'Once ' });
    peer.push('tokens', { data: 'upon', index: 1 });
    expect(await next(client, 'tokens')).toEqual({ data: 'upon', index: 1, text: 'Once upon' });
    expect(client.getState().text).toBe('Once upon');
  });

  it('joins the short topic on its own address when it is told no other', async () => {
    const { client } = harness.page();
    client.connect({ channelId: 'c', wsToken: 't' });
    expect((await (await harness.server.peer()).frame())[2]).toBe('ai_response:c');
  });

  it('takes the answer of the API as it is', async () => {
    const { client } = harness.page({ baseUrl: 'ws://nowhere.invalid' });
    client.connect({
      message: 'success',
      status: 'pending',
      channel_id: 'c',
      ws_token: 't',
      websocket_url: harness.server.url,
      websocket_channel: 'ai_response:p:c',
    });
    expect((await (await harness.server.peer()).frame())[2]).toBe('ai_response:p:c');
  });

  it.each([
    [{ channelId: '', wsToken: 't' }, 'channelId is required'],
    [{ channelId: 'c', wsToken: '' }, 'wsToken is required for WebSocket authentication'],
  ])('does not connect to %j', (request, error) => {
    const { client, seen } = harness.page();
    client.connect(request);
    expect(seen).toEqual([`error ${error}`]);
    expect(client.getState()).toMatchObject({ error, errorCode: 'invalid_options', connectionState: 'error' });
  });

  it('goes on with what it follows when it is told to connect to nothing', async () => {
    const { client, peer } = await harness.following();
    await next(client, 'channel_joined');
    client.connect({ channelId: '', wsToken: 't' });
    expect(client.getState()).toMatchObject({ connectionState: 'connected', error: 'channelId is required' });
    peer.push('response', aSuccess);
    expect(await next(client, 'response')).toEqual(aSuccess);
  });

  it('has a pending request as long as it follows one, also if it keeps none', async () => {
    const { client, peer } = await harness.following({ persist: false });
    expect([client.getState().hasPendingRequest, client.hasPendingRequest()]).toEqual([true, false]);
    peer.push('response', aSuccess);
    await next(client, 'response');
    expect(client.getState().hasPendingRequest).toBe(false);
  });

  it('gives up an address that is none', () => {
    const { client, seen } = harness.page();
    client.connect({ ...aRequest, websocketUrl: 'nonsense' });
    expect(seen.at(-1)).toMatch(/^error The connection could not be made: .*URL/);
    expect(client.getState()).toMatchObject({ errorCode: 'invalid_options', connectionState: 'error' });
  });

  it('says why it was refused', async () => {
    const { client, seen } = harness.page();
    client.connect(aRequest);
    await (await harness.server.peer()).join('error', { reason: 'invalid_channel_uuid' });
    expect(await next(client, 'channel_error')).toBe('invalid_channel_uuid');
    expect(seen.slice(2)).toEqual([
      'channel_error invalid_channel_uuid',
      'disconnected Invalid project or channel ID',
      'error Invalid project or channel ID',
    ]);
    expect(client.getState()).toMatchObject({ connectionState: 'error', errorCode: 'refused' });
    expect(client.getState().steps[0]).toMatchObject({
      status: 'error',
      errorMessage: 'Invalid project or channel ID',
    });
  });

  it('connects once when it is told twice', async () => {
    const { client, seen } = harness.page();
    client.connect(aRequest);
    client.connect(aRequest);
    const peer = await harness.joined();
    peer.push('response', aSuccess);
    await next(client, 'response');
    expect(seen.filter((event) => event === 'connecting')).toHaveLength(1);
    expect(harness.server.upgrades).toBe(1);
  });

  it('turns to another request and is told nothing more of the first', async () => {
    const { client, seen, peer } = await harness.following();
    client.connect({ channelId: 'd', wsToken: 'u' });
    const other = await harness.joined();
    peer.push('response', aFailure);
    other.push('response', aSuccess);
    expect(await next(client, 'response')).toEqual(aSuccess);
    expect(seen.filter((event) => event.startsWith('response'))).toEqual(['response success']);
  });

  it('may be given the next request while it tells of the end of one', async () => {
    const { client, seen, peer } = await harness.following();
    const remove = client.on('response', () => {
      remove();
      client.connect({ channelId: 'd', wsToken: 'u' });
    });
    peer.push('response', aSuccess);
    (await harness.joined()).push('response', aCompletion);
    await peer.closed;
    expect(await next(client, 'response')).toEqual(aCompletion);
    expect(seen.filter((event) => /^(connecting|response|disconnected)/.test(event))).toEqual([
      'connecting',
      'response success',
      'connecting',
      'response completed',
      'disconnected Socket closed',
    ]);
  });

  it('calls every listener, even after one that throws', async () => {
    jest.spyOn(console, 'error').mockReturnValue();
    const { client, peer } = await harness.following();
    client.on('response', () => {
      throw new Error('of a listener');
    });
    peer.push('response', aSuccess);
    expect(await next(client, 'response')).toEqual(aSuccess);
    expect(console.error).toHaveBeenCalledTimes(1);
  });

  it('calls listeners no more that were removed', async () => {
    const { client, peer } = await harness.following();
    const [removed, off] = [jest.fn(), jest.fn()];
    client.on('response', removed)();
    client.on('response', off);
    client.off('response', off);
    peer.push('response', aSuccess);
    await next(client, 'response');
    expect([removed, off].map(({ mock }) => mock.calls.length)).toEqual([0, 0]);
  });
});

describe('a client that is stopped', () => {
  it('disconnects, forgets the request and says so', async () => {
    const { client, seen, peer } = await harness.following();
    client.disconnect();
    await peer.closed;
    expect(seen.at(-1)).toBe('disconnected Manual disconnect');
    expect(client.getState()).toMatchObject({ connectionState: 'disconnected', hasPendingRequest: false });
  });

  it('does the same when its signal is aborted', async () => {
    const abort = new AbortController();
    const { seen, peer } = await harness.following({}, { signal: abort.signal });
    abort.abort();
    await peer.closed;
    expect(seen.at(-1)).toBe('disconnected Manual disconnect');
  });

  it('does not connect with a signal that was aborted before', () => {
    const { client, seen } = harness.page();
    client.connect({ ...aRequest, signal: AbortSignal.abort() });
    expect(seen).toEqual(['disconnected Manual disconnect']);
  });

  it('forgets what it knew when it is reset', async () => {
    const { client, peer } = await harness.following();
    peer.push('response', aSuccess);
    await next(client, 'response');
    client.reset();
    expect(client.getState()).toEqual(new HeadraceClient({ persist: false }).getState());
  });

  it('tells nobody anything once it is destroyed', async () => {
    const { client, seen, peer } = await harness.following();
    client.destroy();
    const told = seen.length;
    await peer.closed;
    client.connect(aRequest);
    await harness.joined();
    expect(seen).toHaveLength(told);
  });
});

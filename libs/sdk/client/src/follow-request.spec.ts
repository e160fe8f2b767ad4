import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { followRequest, type FollowOptions } from './follow-request.js';
import type { AsyncResponse } from './types.js';
import { aFailure, aGenerated, aRequest, aSuccess, ClientHarness } from './testing/client-harness.js';

let harness: ClientHarness;
beforeEach(async () => {
  harness = await ClientHarness.start();
});
afterEach(() => harness.stop());

const follow = (options: FollowOptions = {}, channelId = 'c') =>
  followRequest({ ...aRequest, channelId, websocketUrl: harness.server.url }, options);

describe('following a request', () => {
  it('resolves to its final state, and tells what comes before', async () => {
    const seen: string[] = [];
    const result = follow({ onTokens: ({ data }) => seen.push(data), onResponse: ({ status }) => seen.push(status) });
    const peer = await harness.joined();
    peer.push('tokens', { data: 'Once', index: 0 }).push('response', aGenerated).push('response', aSuccess);
    expect(await result).toEqual(aSuccess);
    expect(seen).toEqual(['Once', 'ai_generated', 'success']);
    await peer.closed;
  });

  it('rejects when it fails, with the final state', async () => {
    const result = follow();
    (await harness.joined()).push('response', aFailure);
    await expect(result).rejects.toMatchObject({
      name: 'RequestFailed',
      message: 'The backend did not call back.',
      code: 'callback_timeout',
      response: aFailure,
    });
  });

  it('rejects when it is refused, when it takes too long and when its options are wrong', async () => {
    const refused = follow();
    await (await harness.server.peer()).join('error', { reason: 'invalid_channel_format' });
    await expect(refused).rejects.toMatchObject({ code: 'refused', message: 'Invalid channel format' });
    await expect(follow({ requestTimeout: 30 })).rejects.toMatchObject({ code: 'timeout' });
    await expect(follow({}, '')).rejects.toMatchObject({ code: 'invalid_options' });
  });

  it.each([
    { message: 'No such workflow.', error: { message: 'No such workflow.', code: 'model_not_found' } },
    { error: 'No such workflow.' },
    { message: 'No such workflow.' },
  ])('rejects with what the backend said in place of a request: %j', async (answer) => {
    const followed = followRequest(answer as unknown as AsyncResponse);
    await expect(followed).rejects.toMatchObject({ code: 'invalid_options', message: 'No such workflow.' });
  });

  it('does not reject while a connection is being restored', async () => {
    harness.server.refusals.push(503);
    const result = follow();
    (await harness.joined()).drop();
    (await harness.joined()).push('response', aSuccess);
    expect(await result).toEqual(aSuccess);
  });

  it('ends when its signal is aborted, before or while', async () => {
    const reason = new Error('The user went away.');
    await expect(follow({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    const abort = new AbortController();
    const result = follow({ signal: abort.signal });
    const peer = await harness.joined();
    abort.abort(reason);
    await expect(result).rejects.toBe(reason);
    await peer.closed;
  });

  it('is possible for several at once', async () => {
    const results = ['c', 'd', 'e'].map((channel) => follow({}, channel));
    for (const content of ['one', 'two', 'three']) {
      (await harness.joined()).push('response', { ...aSuccess, content });
    }
    const contents = (await Promise.all(results)).map(({ content }) => content);
    expect(contents.sort()).toEqual(['one', 'three', 'two']);
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { waitFor } from '@headrace/testing';
import { FollowHarness, happened, otherProject } from '../testing/follow.harness.js';

let gateway: FollowHarness;
beforeAll(async () => {
  gateway = await FollowHarness.start();
});
afterAll(() => gateway.close());

/** Resolves once so many clients follow a request. */
const followers = (count: number, { log } = gateway) => waitFor(() => log.followers === count, { everyMs: 2 });

describe('GET /v1/requests/{channel_id}?wait=', () => {
  it.each(['30s', '30', '60'])('answers at once when the request has ended (wait=%s)', async (wait) => {
    const channel = await gateway.channelWith(happened.accepted, happened.completed);
    const { status, body } = await gateway.show(channel, `?wait=${wait}`);
    expect(status).toBe(200);
    expect(body).toMatchObject({ state: 'success', result: { status: 'success' } });
    await followers(0);
  });

  it.each(['completed', 'failed'] as const)('answers when the request is %s', async (end) => {
    const channel = await gateway.channelWith(happened.accepted);
    const asked = gateway.show(channel, '?wait=30s');
    await followers(1);
    await gateway.append(channel, happened.generated);
    await gateway.append(channel, happened[end]);
    expect((await asked).body).toMatchObject({
      state: end === 'completed' ? 'success' : 'error',
      ended_at: expect.any(String),
    });
    await followers(0);
  });

  it('answers with the state as it is when the wait is over', async () => {
    const channel = await gateway.channelWith(happened.accepted, happened.generated);
    const { status, body } = await gateway.show(channel, '?wait=1s');
    expect(status).toBe(200);
    expect(body).toMatchObject({ state: 'ai_generated', result: null });
    await followers(0);
  });

  it.each(['', '?wait=0', '?wait=0s'])('does not wait with "%s"', async (query) => {
    const channel = await gateway.channelWith(happened.accepted);
    expect((await gateway.show(channel, query)).body).toMatchObject({ state: 'pending' });
  });

  it.each(['61s', '1m', '-1', '1.5s', 'long', '', '1&wait=2', '500ms'])('names wait in wait=%s', async (wait) => {
    const channel = await gateway.channelWith(happened.accepted);
    const { status, body } = await gateway.show(channel, `?wait=${wait}`);
    expect(status).toBe(400);
    expect(body.error).toMatchObject({
      code: 'invalid_request_error',
      param: 'wait',
      message: 'wait must be a number of whole seconds from 0 to 60, as in 30s or 30.',
    });
  });

  it('answers 404 for an unknown channel and 403 for that of another project, without waiting', async () => {
    const channel = await gateway.channelWith(happened.accepted);
    expect((await gateway.show('0198d6a0-0000-7000-8000-00000000ffff', '?wait=60')).status).toBe(404);
    expect((await gateway.show(channel, '?wait=60', otherProject)).status).toBe(403);
  });

  it('hears after a lost connection of the end that came meanwhile', async () => {
    const channel = await gateway.channelWith(happened.accepted);
    const asked = gateway.show(channel, '?wait=30s');
    await followers(1);
    gateway.log.connected = false;
    await gateway.append(channel, happened.completed);
    gateway.log.reconnect();
    expect((await asked).body).toMatchObject({ state: 'success' });
  });

  it('stops to follow when the caller leaves', async () => {
    const channel = await gateway.channelWith(happened.accepted);
    const request = gateway.getOnce(`/v1/requests/${channel}?wait=60s`);
    await followers(1);
    request.destroy();
    await followers(0);
  });

  it('is refused with Retry-After while too many wait', async () => {
    const small = await FollowHarness.start({ follow: { maxFollowedRequests: 1 } });
    const channel = await small.channelWith(happened.accepted);
    const first = small.show(channel, '?wait=30s');
    await followers(1, small);
    const { status, headers } = await small.show(channel, '?wait=30s');
    expect(status).toBe(503);
    expect(headers.get('retry-after')).toBe('1');
    await small.append(channel, happened.completed);
    expect((await first).status).toBe(200);
    expect((await small.show(channel, '?wait=30s')).status).toBe(200);
    await small.close();
  });

  it('answers with the state as it is when the server stops', async () => {
    const stopped = await FollowHarness.start();
    const channel = await stopped.channelWith(happened.accepted);
    const asked = stopped.show(channel, '?wait=60s');
    await followers(1, stopped);
    await stopped.close();
    expect((await asked).body).toMatchObject({ state: 'pending' });
  });
});

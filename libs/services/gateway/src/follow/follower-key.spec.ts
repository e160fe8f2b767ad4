import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { projectId } from '@headrace/http/testing';
import { waitFor } from '@headrace/testing';
import { FollowHarness, happened } from '../testing/follow.harness.js';
import { tokens } from '../testing/gateway.harness.js';

let gateway: FollowHarness;
let channel: string;
beforeAll(async () => {
  gateway = await FollowHarness.start();
  channel = await gateway.channelWith(happened.accepted, happened.generated);
});
afterAll(() => gateway.close());

const followers = (count: number) => waitFor(() => gateway.log.followers === count, { everyMs: 2 });
/** Whose key the harness sends. */
const byKey = { project: projectId, keyId: 'k1' };

describe('a key that ends while requests are followed with it', () => {
  it('ends events and waits of its own, and no others', async () => {
    const events = await gateway.events(channel);
    expect(await events.next()).toMatchObject({ data: { status: 'ai_generated' } });
    const byToken = await gateway.events(channel, { token: await tokens.mint(projectId, channel, new Date()) });
    expect(await byToken.next()).toMatchObject({ data: { status: 'ai_generated' } });
    const waiting = gateway.show(channel, '?wait=60s');
    await followers(3);
    gateway.notices.announce(projectId);
    gateway.access.end(byKey);
    gateway.notices.announce(projectId);
    const { status, body } = await waiting;
    expect([status, body.error.code]).toEqual([401, 'invalid_api_key']);
    // No end of the request, only of the connection: its client comes again and is refused.
    expect(await events.nextBlock()).toEqual({ retry: expect.any(String) });
    expect(await events.nextBlock()).toBeUndefined();
    await followers(1);
    await gateway.append(channel, happened.completed);
    expect(await byToken.next()).toMatchObject({ data: { status: 'success' } });
    await followers(0);
  });
});

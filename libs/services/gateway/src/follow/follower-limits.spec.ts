import { afterEach, describe, expect, it } from '@jest/globals';
import type { RealtimeSettings } from '@headrace/http';
import { projectId, withKeyOf } from '@headrace/http/testing';
import { waitFor } from '@headrace/testing';
import { FollowHarness, happened, otherProject } from '../testing/follow.harness.js';
import { tokens } from '../testing/gateway.harness.js';

let gateway: FollowHarness;
afterEach(() => gateway.close());

async function start(follow: Partial<RealtimeSettings>): Promise<string> {
  gateway = await FollowHarness.start({ follow });
  return gateway.channelWith(happened.accepted);
}

const followers = (count: number) => waitFor(() => gateway.log.followers === count, { everyMs: 2 });

describe('clients that follow over HTTP', () => {
  it('are let in up to the limit of their address, whatever they ask, and again when one leaves', async () => {
    const channel = await start({ maxSocketsPerIp: 2 });
    const events = await gateway.events(channel);
    const waiting = gateway.show(channel, '?wait=60s');
    await followers(2);
    for (const path of ['events', '?wait=60s']) {
      const { status, body, headers } = await gateway.http.ask(
        'GET',
        `/v1/requests/${channel}${path === 'events' ? '/events' : path}`,
        { headers: withKeyOf(projectId) },
      );
      expect(status).toBe(429);
      expect(body.error).toMatchObject({ code: 'rate_limit_exceeded', param: 'address' });
      expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    }
    expect((await gateway.show(channel)).status).toBe(200);
    events.drop();
    await followers(1);
    expect((await gateway.events(channel)).response.status).toBe(200);
    await gateway.append(channel, happened.completed);
    expect((await waiting).status).toBe(200);
  });

  it('are limited by the channel of their token, and by no such limit with a key', async () => {
    const channel = await start({ maxSocketsPerToken: 1 });
    const other = await gateway.channelWith(happened.accepted);
    const tokenOf = (id: string) => tokens.mint(projectId, id, new Date());
    const first = await gateway.events(channel, { token: await tokenOf(channel) });
    const second = await gateway.events(channel, { token: await tokenOf(channel), origin: 'https://app.example.com' });
    expect(second.response.status).toBe(429);
    expect(second.response.headers.get('access-control-allow-origin')).toBe('*');
    expect(second.response.headers.get('access-control-expose-headers')).toBe('retry-after');
    expect(await second.response.json()).toMatchObject({ error: { param: 'token' } });
    const others = [
      await gateway.events(other, { token: await tokenOf(other) }),
      await gateway.events(channel),
      await gateway.events(channel),
    ];
    expect(others.map(({ response }) => response.status)).toEqual([200, 200, 200]);
    for (const client of [first, ...others]) client.drop();
  });

  it('are limited by their project', async () => {
    const channel = await start({ maxSocketsPerProject: 1 });
    const first = await gateway.events(channel);
    expect((await gateway.events(channel)).response.status).toBe(429);
    // Another project's client gets as far as being told that the request is not his.
    expect((await gateway.events(channel, withKeyOf(otherProject))).response.status).toBe(403);
    first.drop();
  });

  it('may begin only so often within a minute, and are told when the next one begins', async () => {
    const channel = await start({ maxJoinsPerIp: 2 });
    await gateway.append(channel, happened.completed);
    expect((await gateway.show(channel, '?wait=1s')).status).toBe(200);
    expect((await gateway.events(channel)).response.status).toBe(200);
    const { status, headers, body } = await gateway.show(channel, '?wait=1s');
    expect(status).toBe(429);
    expect(body.error.param).toBe('address');
    const seconds = Number(headers.get('retry-after'));
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(60);
    // A look that waits for nothing is no join.
    expect((await gateway.show(channel)).status).toBe(200);
  });

  it('give their place back when what they ask for is refused', async () => {
    const channel = await start({ maxSocketsPerIp: 1 });
    const unknown = '0198d6a0-0000-7000-8000-00000000ffff';
    for (const path of [`${unknown}/events`, `${unknown}?wait=60s`, `${channel}/events`]) {
      const headers = withKeyOf(path.startsWith(channel) ? otherProject : projectId);
      const { status } = await gateway.http.ask('GET', `/v1/requests/${path}`, { headers });
      expect([403, 404]).toContain(status);
    }
    const events = await gateway.events(channel);
    expect(events.response.status).toBe(200);
    events.drop();
  });
});

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { channelTopic } from '@headrace/contracts';
import { projectId, withKeyOf } from '@headrace/http/testing';
import { waitFor } from '@headrace/testing';
import { FollowHarness, happened } from '../testing/follow.harness.js';
import { tokens } from '../testing/gateway.harness.js';

const { accepted, generated, completed } = happened;
const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000);
let gateway: FollowHarness;
beforeEach(async () => {
  gateway = await FollowHarness.start();
});
afterEach(() => gateway.close());

/** Holds all reads of the log; `begun` resolves when there is one. */
function holdReads() {
  const { log } = gateway;
  const gate = Promise.withResolvers<undefined>();
  const before = log.reads;
  log.readGate = gate.promise;
  return {
    begun: () => waitFor(() => log.reads > before, { everyMs: 2 }),
    release: (): void => gate.resolve(undefined),
  };
}

/** Resolves once no connection is open, so that the server knows who has left. */
const noConnections = () => waitFor(async () => (await gateway.http.connections()) === 0, { everyMs: 2 });

describe('a client that leaves', () => {
  it('while it is seen whether it may follow, is not followed for', async () => {
    const channel = await gateway.channelWith(accepted);
    const data = { topic: channelTopic(projectId, channel), joinedAt: minutesAgo(10).toISOString() };
    await gateway.log.append({ project: projectId, channel, aggregate: 'realtime' }, { type: 'realtime.joined', data });
    const reads = holdReads();
    // An expired token that was used in time makes the gateway read before it follows.
    const token = await tokens.mint(projectId, channel, minutesAgo(10));
    const request = gateway.getOnce(`/v1/requests/${channel}/events?token=${token}`, {});
    await reads.begun();
    request.destroy();
    await noConnections();
    reads.release();
    const late = await gateway.events(channel);
    await waitFor(() => gateway.log.followers === 1, { everyMs: 2 });
    late.drop();
    await waitFor(() => gateway.log.followers === 0, { everyMs: 2 });
  });

  it('while the log is read, is not followed for', async () => {
    const channel = await gateway.channelWith(accepted);
    for (const path of ['events', '?wait=60s'] as const) {
      const reads = holdReads();
      const request = gateway.getOnce(`/v1/requests/${channel}${path === 'events' ? '/events' : path}`);
      await reads.begun();
      request.destroy();
      await noConnections();
      reads.release();
      await waitFor(() => gateway.log.followers === 0, { everyMs: 2 });
    }
  });
});

describe('a connection to the log that was lost', () => {
  it('is made good for many clients without asking for all of them in one breath, and in order', async () => {
    const channels = await Promise.all(Array.from({ length: 70 }, () => gateway.channelWith(accepted)));
    const clients = await Promise.all(channels.map((channel) => gateway.events(channel)));
    // Each was told where it begins.
    for (const client of clients) for (let block = 0; block < 2; block += 1) await client.nextBlock();
    gateway.log.connected = false;
    await Promise.all(channels.map((channel) => gateway.append(channel, generated)));
    const reads = holdReads();
    const before = gateway.log.reads;
    gateway.log.reconnect();
    await Promise.all(channels.map((channel) => gateway.append(channel, completed)));
    await reads.begun();
    expect(gateway.log.reads - before).toBe(64);
    reads.release();
    for (const client of clients) {
      const told = await client.rest();
      expect(told.map(({ data }) => data?.['status'])).toEqual(['ai_generated', 'success', undefined]);
    }
  });
});

describe('a follower that is stopped before it was told anything', () => {
  it('is refused when its key ends', async () => {
    const channel = await gateway.channelWith(accepted);
    const reads = holdReads();
    const asked = gateway.events(channel);
    await reads.begun();
    gateway.access.end({ project: projectId, keyId: 'k1' });
    gateway.notices.announce(projectId);
    await new Promise(setImmediate);
    reads.release();
    const { response } = await asked;
    expect([response.status, response.headers.get('access-control-allow-origin')]).toEqual([401, '*']);
    await waitFor(() => gateway.log.followers === 0, { everyMs: 2 });
  });
});

describe('what a client says that it knows', () => {
  it('counts as nothing when it is not of this request, also of one that the log has forgotten', async () => {
    const channel = await gateway.channelWith(accepted, completed);
    const events = await gateway.log.readChannel(projectId, channel);
    const forgetful = await FollowHarness.start({ readModel: { timeline: () => Promise.resolve(events) } });
    for (const [known, status] of [
      ['99999999', 200],
      [String((events.at(-1)?.sequence ?? 0) + 1), 200],
      [String(events.at(-1)?.sequence), 204],
    ] as const) {
      const told = await forgetful.events(channel, { 'last-event-id': known });
      expect(told.response.status).toBe(status);
      if (status === 200) expect(await told.next()).toMatchObject({ data: { status: 'success' } });
    }
    await forgetful.close();
  });

  it.each(['9'.repeat(15_000), '1-2', '-1', '1-1-1-1', '1e3', ' 1 ; DROP', '١٢', '0x10'])(
    'is nothing when it is "%.20s"',
    async (known) => {
      const channel = await gateway.channelWith(accepted, generated);
      const url = `/v1/requests/${channel}/events?last_event_id=`;
      const byHeader = await gateway.events(channel, { 'last-event-id': encodeURI(known) });
      expect(await byHeader.next()).toMatchObject({ data: { status: 'ai_generated' } });
      byHeader.drop();
      const headers = { ...withKeyOf(projectId), origin: 'https://app.example.com' };
      const byQuery = await fetch(`${gateway.http.url}${url}${encodeURIComponent(known)}`, { headers });
      expect(byQuery.status).toBe(known.length > 64 ? 400 : 200);
      expect(byQuery.headers.get('access-control-allow-origin')).toBe('*');
      await byQuery.body?.cancel();
    },
  );

  it('named twice is refused by its name', async () => {
    const channel = await gateway.channelWith(accepted);
    const path = `/v1/requests/${channel}/events?last_event_id=1&last_event_id=2`;
    const { status, body } = await gateway.http.ask('GET', path, { headers: withKeyOf(projectId) });
    expect([status, body.error.param]).toEqual([400, 'last_event_id']);
  });
});

describe('HEAD', () => {
  it('is refused as GET is, and follows nothing', async () => {
    const channel = await gateway.channelWith(accepted);
    const head = async (id: string, headers: Record<string, string>) =>
      (await fetch(`${gateway.http.url}/v1/requests/${id}/events`, { method: 'HEAD', headers })).status;
    const key = withKeyOf(projectId);
    expect(await head(channel, key)).toBe(200);
    expect(await head('0198d6a0-0000-7000-8000-00000000ffff', key)).toBe(404);
    expect(await head(channel, withKeyOf('0198d6a0-0000-7000-8000-000000000002'))).toBe(403);
    expect(await head(channel, {})).toBe(401);
    expect(gateway.log.followers).toBe(0);
  });
});

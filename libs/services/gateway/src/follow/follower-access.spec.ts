import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { channelTopic } from '@headrace/contracts';
import type { EventLog } from '@headrace/event-log';
import { projectId } from '@headrace/http/testing';
import { waitFor } from '@headrace/testing';
import { FollowHarness, happened, otherProject } from '../testing/follow.harness.js';
import { tokens } from '../testing/gateway.harness.js';
import { FollowerAccess } from './follower-access.js';

/** What is not needed to note joins. */
type Others = ConstructorParameters<typeof FollowerAccess> extends [unknown, ...infer Rest] ? Rest : never;

const { accepted, completed } = happened;
const page = 'https://app.example.com';
let gateway: FollowHarness;
beforeAll(async () => {
  gateway = await FollowHarness.start();
});
afterAll(() => gateway.close());

/** Five minutes are a token's own time. */
const tenMinutesAgo = () => new Date(Date.now() - 600_000);

async function joinedAt(channel: string, at: Date): Promise<void> {
  const data = { topic: channelTopic(projectId, channel), joinedAt: at.toISOString() };
  await gateway.log.append({ project: projectId, channel, aggregate: 'realtime' }, { type: 'realtime.joined', data });
}

describe('a browser that follows a request with its ws_token', () => {
  it('is told as one with a key, and its join is noted', async () => {
    const channel = await gateway.channelWith(accepted, completed);
    const token = await tokens.mint(projectId, channel, new Date());
    const events = await gateway.events(channel, { token });
    expect(await events.next()).toMatchObject({ event: 'response', data: { status: 'success' } });
    const isJoin = ({ type }: { type: string }) => type === 'realtime.joined';
    const joined = await waitFor(async () => (await gateway.log.readChannel(projectId, channel)).find(isJoin));
    expect(joined).toMatchObject({ data: { topic: channelTopic(projectId, channel) } });
  });

  it('has its join appended once, however often it comes, and again when that failed', async () => {
    const channel = await gateway.channelWith(accepted);
    let appends = 0;
    const log = { append: () => ((appends += 1) === 1 ? Promise.reject(new Error('away')) : Promise.resolve(1)) };
    const access = new FollowerAccess(log as unknown as EventLog, ...([] as unknown as Others));
    for (let times = 0; times < 5; times += 1) {
      access.joined({ project: projectId, channel }, undefined, new Date());
      await new Promise(setImmediate);
    }
    expect(appends).toBe(2);
  });

  it('may come again with an expired token that it used in time, and not with one that it did not', async () => {
    const [used, unused] = [await gateway.channelWith(accepted), await gateway.channelWith(accepted)];
    await joinedAt(used, tenMinutesAgo());
    const statuses = [];
    for (const channel of [used, unused]) {
      const token = await tokens.mint(projectId, channel, tenMinutesAgo());
      const events = await gateway.events(channel, { token });
      statuses.push(events.response.status);
      events.drop();
    }
    expect(statuses).toEqual([200, 401]);
  });

  it.each([
    ['for another channel', 403, () => tokens.mint(projectId, '0198d6a0-0000-7000-8000-00000000ffff', new Date())],
    ['that is forged', 401, async (channel: string) => `${await tokens.mint(projectId, channel, new Date())}A`],
    ['that is empty', 401, async () => ''],
    [
      'for a request of a project that does not have it',
      403,
      (channel: string) => tokens.mint(otherProject, channel, new Date()),
    ],
  ])('is refused with a token %s', async (_, status, tokenOf) => {
    const channel = await gateway.channelWith(accepted);
    const { response } = await gateway.events(channel, { token: await tokenOf(channel) });
    expect(response.status).toBe(status);
    // A page can read why.
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
  });

  it.each([
    ['token=a&token=b', 'token'],
    ['last_event_id=1&last_event_id=2', 'last_event_id'],
  ])('is told which field is wrong, and what to do: %s', async (query, param) => {
    const channel = await gateway.channelWith(accepted);
    const response = await fetch(`${gateway.http.url}/v1/requests/${channel}/events?${query}`);
    expect(response.status).toBe(400);
    const message = expect.stringMatching(`^Send ${param} once, with at most \\d+ characters.$`);
    expect(await response.json()).toMatchObject({ error: { param, message } });
  });

  it('is told of both ways in when it shows neither', async () => {
    const channel = await gateway.channelWith(accepted);
    const { status, body } = await gateway.http.ask('GET', `/v1/requests/${channel}/events`);
    expect([status, body.error.code]).toEqual([401, 'invalid_api_key']);
    expect(body.error.message).toMatch(/\?token=.*"Authorization: Bearer <key>"/);
  });

  it('may be of any origin, unless the operator lists them', async () => {
    const strict = await FollowHarness.start({ follow: { allowedOrigins: [page] } });
    const channel = await strict.channelWith(accepted, completed);
    const token = await tokens.mint(projectId, channel, new Date());
    const listed = (await strict.events(channel, { token, origin: page })).response;
    expect([listed.status, listed.headers.get('access-control-allow-origin')]).toEqual([200, page]);
    expect(listed.headers.get('vary')).toBe('origin');
    const other = (await strict.events(channel, { token, origin: 'https://evil.example' })).response;
    expect([other.status, other.headers.get('access-control-allow-origin')]).toEqual([403, null]);
    expect((await strict.events(channel, { token })).response.status).toBe(200);
    await strict.close();
  });

  it('may ask before whether Last-Event-ID may be sent', async () => {
    const url = `${gateway.http.url}/v1/requests/${await gateway.channelWith(accepted)}/events`;
    const { status, headers } = await fetch(url, { method: 'OPTIONS', headers: { origin: page } });
    expect(status).toBe(204);
    expect(headers.get('access-control-allow-origin')).toBe('*');
    expect(headers.get('access-control-allow-headers')).toContain('last-event-id');
  });
});

import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { HubHarness, joinOk } from '../testing/hub-harness.js';
import type { RawClient } from '../testing/raw-client.js';
import { aCompletedRequest, aGeneratedRequest, anAcceptedRequest } from '../testing/request-events.js';
import { mostKept } from './recent-changes.js';

let hub: HubHarness;
beforeAll(async () => {
  hub = await HubHarness.start();
});
afterAll(() => hub.stop());

const minutesAgo = (minutes: number): Date => new Date(Date.now() - minutes * 60_000);
const refusal = (topic: string): unknown => [
  '1',
  '1',
  topic,
  'phx_reply',
  { status: 'error', response: { reason: 'unauthorized_project_access' } },
];

async function answerToJoin(token: string, topic: string): Promise<unknown> {
  const client = await hub.connect(token);
  client.send(['1', '1', topic, 'phx_join', {}]);
  const answer = await client.frame();
  client.drop();
  return answer;
}

async function aDashboard(project: string): Promise<RawClient> {
  const client = await hub.connect(hub.projectToken(project));
  client.send(['1', '1', `project:${project}`, 'phx_join', {}]);
  expect(await client.frame()).toEqual(joinOk('1', `project:${project}`));
  return client;
}

interface ChangesPayload {
  readonly changes: readonly Record<string, unknown>[];
  readonly dropped: number;
}

/** Changes as they come, frames put together. */
async function changes(client: RawClient, count: number): Promise<Record<string, unknown>[]> {
  const told: Record<string, unknown>[] = [];
  while (told.length < count) {
    const [, , , event, payload] = (await client.frame()) as [string, null, string, string, ChangesPayload];
    expect(event).toBe('changes');
    told.push(...payload.changes);
  }
  return told;
}

describe('a dashboard', () => {
  it('is told what happens to every request of its project, and of no other', async () => {
    const [one, foreign] = [hub.aRequest(), hub.aRequest()];
    const other = { ...one.address, channel: randomUUID() };
    const dashboard = await aDashboard(one.project);
    await hub.log.append(foreign.address, anAcceptedRequest());
    await hub.log.append(one.address, anAcceptedRequest());
    await hub.log.append(other, anAcceptedRequest());
    await hub.log.append(one.address, aGeneratedRequest());
    await hub.log.append(one.address, aCompletedRequest());
    expect((await changes(dashboard, 4)).map(({ channel_id, state }) => [channel_id, state])).toEqual([
      [one.channel, 'accepted'],
      [other.channel, 'accepted'],
      [one.channel, 'generated'],
      [one.channel, 'completed'],
    ]);
    dashboard.drop();
  });

  it('sees how many sockets follow a request', async () => {
    const request = hub.aRequest();
    await hub.log.append(request.address, anAcceptedRequest());
    const joinNoted = hub.log.appended('realtime.joined');
    const viewers = [await hub.join(request), await hub.join(request)];
    await joinNoted;
    const dashboard = await aDashboard(request.project);
    await hub.log.append(request.address, aCompletedRequest());
    expect(await changes(dashboard, 2)).toMatchObject([
      { state: 'completed' },
      { state: 'pushed', pushed: 'completed', viewers: 2, channel_id: request.channel },
    ]);
    for (const client of [...viewers, dashboard]) client.drop();
  });

  it('sees sockets come and go between states', async () => {
    const request = hub.aRequest();
    await hub.log.append(request.address, anAcceptedRequest());
    const joinNoted = hub.log.appended('realtime.joined');
    const staying = await hub.join(request);
    const leaving = await hub.join(request);
    await joinNoted;
    const dashboard = await aDashboard(request.project);
    const numbers = async () => {
      hub.viewers.tell();
      const [, , , event, payload] = (await dashboard.frame()) as [string, null, string, string, unknown];
      return [event, payload];
    };
    const told = (viewers: number) => ['viewers', { viewers: [{ channel_id: request.channel, viewers }] }];
    expect(await numbers()).toEqual(told(2));
    leaving.send(['1', '2', request.topic, 'phx_leave', {}]);
    await leaving.frame();
    expect(await numbers()).toEqual(told(1));
    for (const client of [staying, leaving, dashboard]) client.drop();
  });

  it('that does not read loses the oldest changes, which are counted, and keeps its socket', async () => {
    const request = hub.aRequest();
    const [slow, reader] = [await aDashboard(request.project), await aDashboard(request.project)];
    const event = anAcceptedRequest();
    // Long enough for the buffers of both ends to be full soon.
    const long = { ...event, data: { ...event.data, context: { ...event.data.context, workflow: 'w'.repeat(2_000) } } };
    slow.socket.pause();
    const rounds = 15;
    for (let round = 0; round < rounds; round += 1) {
      for (let n = 0; n < mostKept; n += 1) {
        await hub.log.append({ ...request.address, channel: randomUUID() }, long);
      }
      await changes(reader, mostKept);
    }
    slow.socket.resume();
    let [told, dropped] = [0, 0];
    while (told + dropped < rounds * mostKept) {
      const [, , , , payload] = (await slow.frame()) as [string, null, string, string, ChangesPayload];
      told += payload.changes.length;
      dropped += payload.dropped;
    }
    expect(told + dropped).toBe(rounds * mostKept);
    expect(dropped).toBeGreaterThan(0);
    slow.send([null, 'beat', 'phoenix', 'heartbeat', {}]);
    expect(await slow.frame()).toMatchObject([null, 'beat', 'phoenix', 'phx_reply', { status: 'ok' }]);
    slow.drop();
    reader.drop();
  });

  it('is told that changes may be missing when the connection to the log was lost', async () => {
    const { project } = hub.aRequest();
    const dashboard = await aDashboard(project);
    hub.log.reconnect();
    expect(await dashboard.frame()).toEqual(['1', null, `project:${project}`, 'interrupted', {}]);
    dashboard.drop();
  });

  it('shares one feed with the others of its project, which ends with the last', async () => {
    const { project } = hub.aRequest();
    const dashboards = [await aDashboard(project), await aDashboard(project)];
    expect(hub.log.followersOf(project)).toBe(1);
    for (const client of dashboards) {
      client.send(['1', '2', `project:${project}`, 'phx_leave', {}]);
      await client.frame();
      await client.frame();
      client.drop();
    }
    expect(hub.log.followersOf(project)).toBe(0);
  });
});

describe('a dashboard whose access ends', () => {
  const keyId = randomUUID();
  const topicOf = (project: string): string => `project:${project}`;

  async function joined(project: string, key: string | null): Promise<RawClient> {
    const client = await hub.connect(hub.projectToken(project, new Date(), key));
    client.send(['1', '1', topicOf(project), 'phx_join', {}]);
    expect(await client.frame()).toEqual(joinOk('1', topicOf(project)));
    return client;
  }

  it('is told so, cannot join again, and keeps its socket; those of other keys watch on', async () => {
    const { project, address } = hub.aRequest();
    const [cut, other] = [await joined(project, keyId), await joined(project, randomUUID())];
    hub.access.end({ project, keyId });
    hub.notices.announce(project);
    expect(await cut.frame()).toEqual(['1', '1', topicOf(project), 'phx_close', {}]);
    cut.send(['2', '2', topicOf(project), 'phx_join', {}]);
    const response = { status: 'error', response: { reason: 'unauthorized_project_access' } };
    expect(await cut.frame()).toEqual(['2', '2', topicOf(project), 'phx_reply', response]);
    await hub.log.append(address, anAcceptedRequest());
    expect(await changes(other, 1)).toMatchObject([{ state: 'accepted' }]);
    cut.send([null, 'beat', 'phoenix', 'heartbeat', {}]);
    expect(await cut.frame()).toMatchObject([null, 'beat', 'phoenix', 'phx_reply', { status: 'ok' }]);
    for (const client of [cut, other]) client.drop();
  });

  it('is cut with its project, whoever let it in', async () => {
    const { project } = hub.aRequest();
    const clients = [await joined(project, randomUUID()), await joined(project, null)];
    hub.access.end({ project, keyId: null });
    hub.notices.announce(project);
    for (const client of clients) {
      expect(await client.frame()).toEqual(['1', '1', topicOf(project), 'phx_close', {}]);
      client.drop();
    }
    expect(hub.log.followersOf(project)).toBe(0);
  });

  it('is told to try again while nobody can tell whether it may join, and watches on if it has joined', async () => {
    const { project, address } = hub.aRequest();
    const watching = await joined(project, randomUUID());
    hub.access.reachable = false;
    hub.notices.announce(project);
    const refused = { status: 'error', response: { reason: 'join crashed' } };
    const topic = topicOf(project);
    expect(await answerToJoin(hub.projectToken(project), topic)).toEqual(['1', '1', topic, 'phx_reply', refused]);
    hub.access.reachable = true;
    await hub.log.append(address, anAcceptedRequest());
    expect(await changes(watching, 1)).toMatchObject([{ state: 'accepted' }]);
    watching.drop();
  });
});

describe('the topic of a project', () => {
  it("may not be joined with a request's token", async () => {
    const request = hub.aRequest();
    const topic = `project:${request.project}`;
    expect(await answerToJoin(await hub.token(request), topic)).toEqual(refusal(topic));
  });

  it("may not be joined with another project's token, nor with an expired one", async () => {
    const [{ project }, other] = [hub.aRequest(), hub.aRequest()];
    const topic = `project:${project}`;
    expect(await answerToJoin(hub.projectToken(other.project), topic)).toEqual(refusal(topic));
    expect(await answerToJoin(hub.projectToken(project, minutesAgo(6)), topic)).toEqual(refusal(topic));
  });

  it.each(['project:', 'project:*', 'project:x'])('is not "%s"', async (topic) => {
    expect(await answerToJoin(hub.projectToken(hub.aRequest().project), topic)).toEqual(refusal(topic));
  });
});

describe("a project's token", () => {
  it('joins no topic of a request, of its own project either', async () => {
    const [request, other] = [hub.aRequest(), hub.aRequest()];
    const token = hub.projectToken(request.project);
    for (const topic of [request.topic, `ai_response:${request.channel}`, other.topic]) {
      expect(await answerToJoin(token, topic)).toEqual(refusal(topic));
    }
    const short = `ai_response:${request.project}`;
    expect(await answerToJoin(token, short)).toEqual(refusal(short));
  });

  it('that was changed opens no socket', async () => {
    const token = hub.projectToken(hub.aRequest().project);
    const forged = token.slice(0, -1) + (token.endsWith('A') ? 'B' : 'A');
    await expect(hub.connect(forged)).rejects.toMatchObject({ status: 403 });
  });
});

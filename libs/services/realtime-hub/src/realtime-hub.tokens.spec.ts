import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { realtimeJoined } from '@headrace/contracts';
import { HubHarness, type TestRequest } from './testing/hub-harness.js';
import { RawClient, RefusedUpgrade } from './testing/raw-client.js';
import { aCompletedRequest, anAcceptedRequest } from './testing/request-events.js';

let hub: HubHarness;
beforeAll(async () => {
  hub = await HubHarness.start({ allowedOrigins: ['https://app.example'] });
});
afterAll(() => hub.stop());

const minutesAgo = (minutes: number): Date => new Date(Date.now() - minutes * 60_000);

async function answerToJoin(client: RawClient, topic: string): Promise<unknown> {
  client.send(['1', '1', topic, 'phx_join', {}]);
  const [joinRef, , , , payload] = (await client.frame()) as [unknown, unknown, unknown, unknown, JoinReply];
  expect(joinRef).toBe(payload.response.reason === 'unmatched topic' ? null : '1');
  return payload.response.reason ?? payload.status;
}

interface JoinReply {
  readonly status: string;
  readonly response: { readonly reason?: string };
}

describe('an upgrade', () => {
  it.each(['', 'bad', 'a.b.c'])('with the token "%s" is refused with an empty 403', async (token) => {
    const refusal = (await hub.connect(token).catch((error: unknown) => error)) as RefusedUpgrade;
    expect({ status: refusal.status, body: refusal.body }).toEqual({ status: 403, body: '' });
  });

  it('with a wrong signature is refused with 403', async () => {
    const token = await hub.token(hub.aRequest());
    const forged = token.slice(0, -1) + (token.endsWith('A') ? 'B' : 'A');
    await expect(hub.connect(forged)).rejects.toMatchObject({ status: 403 });
  });

  it('from an origin that is not on the list is refused with 403', async () => {
    const url = `${hub.url}/websocket?token=${await hub.token(hub.aRequest())}`;
    await expect(RawClient.connect(url, [], { origin: 'https://evil.example' })).rejects.toMatchObject({ status: 403 });
    (await RawClient.connect(url, [], { origin: 'https://app.example' })).drop();
    (await RawClient.connect(url)).drop();
  });

  it('may show the token as subprotocol', async () => {
    const request = hub.aRequest();
    const bearer = `base64url.bearer.phx.${Buffer.from(await hub.token(request)).toString('base64url')}`;
    const client = await RawClient.connect(`${hub.url}/websocket?vsn=2.0.0`, ['phoenix', bearer]);
    expect(client.socket.protocol).toBe('phoenix');
    expect(await answerToJoin(client, request.topic)).toBe('ok');
    client.drop();
  });
});

describe('a join', () => {
  const other = '0b1f3c8e-4b64-4f0e-9d3b-6f6f4a1c2d11';
  const cases: [string, (request: TestRequest) => string, string][] = [
    ['its own topic', ({ topic }) => topic, 'ok'],
    ['its own topic in capitals', ({ project, channel }) => `ai_response:${project}:${channel.toUpperCase()}`, 'ok'],
    ['the short form', ({ channel }) => `ai_response:${channel}`, 'ok'],
    ["another's project", ({ channel }) => `ai_response:${other}:${channel}`, 'unauthorized_project_access'],
    ["another's channel", ({ project }) => `ai_response:${project}:${other}`, 'unauthorized_project_access'],
    ["another's channel, short", () => `ai_response:${other}`, 'unauthorized_project_access'],
    ['no channel', () => 'ai_response:', 'invalid_channel_format'],
    ['an empty project', ({ channel }) => `ai_response::${channel}`, 'invalid_channel_format'],
    ['three ids', ({ topic, channel }) => `${topic}:${channel}`, 'invalid_channel_format'],
    ['a project that is no UUID', ({ channel }) => `ai_response:p1:${channel}`, 'invalid_project_uuid'],
    ['a channel that is no UUID', ({ project }) => `ai_response:${project}:c1`, 'invalid_channel_uuid'],
    ['a short form that is no UUID', () => 'ai_response:c1', 'invalid_channel_uuid'],
    ['another kind of topic', () => 'room:lobby', 'unmatched topic'],
  ];

  it.each(cases)('of %s', async (_name, topicOf, answer) => {
    const request = hub.aRequest();
    const client = await hub.connect(await hub.token(request));
    expect(await answerToJoin(client, topicOf(request))).toBe(answer);
    client.drop();
  });
});

describe('an expired token', () => {
  /** The token was made ten minutes ago, so its own time ended five minutes ago. */
  async function answerToExpired(request: TestRequest): Promise<unknown> {
    const client = await hub.connect(await hub.token(request, minutesAgo(10)));
    const answer = await answerToJoin(client, request.topic);
    client.drop();
    return answer;
  }
  const joinedAt = ({ address, topic }: TestRequest, minutes: number): Promise<unknown> =>
    hub.log.append(
      { ...address, aggregate: 'realtime' },
      { type: realtimeJoined.type, data: { topic, joinedAt: minutesAgo(minutes).toISOString() } },
    );

  it('is let in, has its heartbeats answered and may not join', async () => {
    const request = hub.aRequest();
    await hub.log.append(request.address, anAcceptedRequest());
    const client = await hub.connect(await hub.token(request, minutesAgo(10)));
    expect(await answerToJoin(client, request.topic)).toBe('unauthorized_project_access');
    client.send([null, '2', 'phoenix', 'heartbeat', {}]);
    expect(await client.frame()).toEqual([null, '2', 'phoenix', 'phx_reply', { status: 'ok', response: {} }]);
    client.drop();
  });

  it('may join when it was used in its time and the request goes on', async () => {
    const request = hub.aRequest();
    await hub.log.append(request.address, anAcceptedRequest());
    await joinedAt(request, 9);
    expect(await answerToExpired(request)).toBe('ok');
  });

  it('may not join when it was used only after its time', async () => {
    const request = hub.aRequest();
    await hub.log.append(request.address, anAcceptedRequest());
    await joinedAt(request, 4);
    expect(await answerToExpired(request)).toBe('unauthorized_project_access');
  });

  it.each([
    [9, 'ok'],
    [11, 'unauthorized_project_access'],
  ])('used in its time, %i minutes after the end of the request: %s', async (minutes, answer) => {
    const request = hub.aRequest();
    await joinedAt(request, 9);
    await hub.log.appendAt(minutesAgo(minutes), request.address, aCompletedRequest());
    expect(await answerToExpired(request)).toBe(answer);
  });

  it('may not join a request that the log does not know', async () => {
    const request = hub.aRequest();
    await joinedAt(request, 9);
    expect(await answerToExpired(request)).toBe('unauthorized_project_access');
  });

  it('is told to try again when the log is away', async () => {
    const request = hub.aRequest();
    hub.log.failingReads = 1;
    expect(await answerToExpired(request)).toBe('join crashed');
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { realtimeJoined, realtimePushed } from '@headrace/contracts';
import { HubHarness, joinOk } from './testing/hub-harness.js';
import { RawClient } from './testing/raw-client.js';
import { aCompletedRequest, aGeneratedRequest, anAcceptedRequest } from './testing/request-events.js';

let hub: HubHarness;
beforeAll(async () => {
  hub = await HubHarness.start();
});
afterAll(() => hub.stop());

const response = (joinRef: string, topic: string, status: string): unknown => [
  joinRef,
  null,
  topic,
  'response',
  expect.objectContaining({ status }),
];
const closed = (joinRef: string, topic: string): unknown => [joinRef, joinRef, topic, 'phx_close', {}];

async function expectHeartbeat(client: RawClient): Promise<void> {
  client.send([null, 'beat', 'phoenix', 'heartbeat', {}]);
  expect(await client.frame()).toEqual([null, 'beat', 'phoenix', 'phx_reply', { status: 'ok', response: {} }]);
}

describe('a client that waits', () => {
  it('gets every state as it happens, then the end of its channel on an open socket', async () => {
    const request = hub.aRequest();
    await hub.log.append(request.address, anAcceptedRequest());
    const client = await hub.join(request, '3');
    await hub.log.append(request.address, aGeneratedRequest());
    expect(await client.frame()).toEqual(response('3', request.topic, 'ai_generated'));
    await hub.log.append(request.address, aCompletedRequest());
    expect(await client.frame()).toEqual(response('3', request.topic, 'completed'));
    expect(await client.frame()).toEqual(closed('3', request.topic));
    await expectHeartbeat(client);
    client.drop();
  });

  it('gets the answer to heartbeats on its topic, and an error for what nobody knows', async () => {
    const request = hub.aRequest();
    const client = await hub.join(request);
    client.send(['1', '2', request.topic, 'heartbeat', {}]);
    const ok = { status: 'ok', response: {} };
    expect(await client.frame()).toEqual(['1', '2', request.topic, 'phx_reply', ok]);
    client.send(['1', '3', request.topic, 'shout', {}]);
    const unknown = { status: 'error', response: { reason: 'unknown event' } };
    expect(await client.frame()).toEqual(['1', '3', request.topic, 'phx_reply', unknown]);
    client.drop();
  });

  it('gets its frames on the short form of the topic', async () => {
    const request = hub.aRequest();
    const topic = `ai_response:${request.channel}`;
    const client = await hub.join(request, '1', topic);
    await hub.log.append(request.address, aCompletedRequest());
    expect(await client.frame()).toEqual(response('1', topic, 'completed'));
    expect(await client.frame()).toEqual(closed('1', topic));
    client.drop();
  });

  it('speaks version 1 when it does not ask for another', async () => {
    const request = hub.aRequest();
    const client = await RawClient.connect(`${hub.url}/websocket?token=${await hub.token(request)}`);
    client.send({ topic: request.topic, event: 'phx_join', payload: {}, ref: '1' });
    expect(await client.frame()).toMatchObject({ event: 'phx_reply', ref: '1' });
    await hub.log.append(request.address, aCompletedRequest());
    expect(await client.frame()).toMatchObject({ event: 'response', ref: null, topic: request.topic });
    expect(await client.frame()).toEqual({ event: 'phx_close', payload: {}, ref: null, topic: request.topic });
    client.drop();
  });
});

describe('a client that comes late', () => {
  it('gets the last state right after the answer to its join', async () => {
    const request = hub.aRequest();
    await hub.log.append(request.address, anAcceptedRequest());
    await hub.log.append(request.address, aGeneratedRequest());
    const client = await hub.join(request);
    expect(await client.frame()).toEqual(response('1', request.topic, 'ai_generated'));
    client.drop();
  });

  it('gets the final state as often as it comes', async () => {
    const request = hub.aRequest();
    await hub.log.append(request.address, aCompletedRequest());
    for (let time = 0; time < 3; time += 1) {
      const client = await hub.join(request);
      expect(await client.frame()).toEqual(response('1', request.topic, 'completed'));
      expect(await client.frame()).toEqual(closed('1', request.topic));
      client.drop();
    }
  });

  it('gets the final state on a second join of the same socket', async () => {
    const request = hub.aRequest();
    await hub.log.append(request.address, aCompletedRequest());
    const client = await hub.join(request);
    await client.frame();
    await client.frame();
    client.send(['2', '2', request.topic, 'phx_join', {}]);
    expect(await client.frame()).toEqual(joinOk('2', request.topic));
    expect(await client.frame()).toEqual(response('2', request.topic, 'completed'));
    client.drop();
  });

  it('survives the burst of a browser that dropped: the replay goes to the last join', async () => {
    const request = hub.aRequest();
    await hub.log.append(request.address, aCompletedRequest());
    const client = await hub.connect(await hub.token(request));
    client.send(['9', '9', request.topic, 'phx_join', {}]);
    client.send(['9', '10', request.topic, 'phx_leave', {}]);
    client.send(['11', '11', request.topic, 'phx_join', {}]);
    const ok = { status: 'ok', response: {} };
    expect(await client.frame()).toEqual(joinOk('9', request.topic));
    expect(await client.frame()).toEqual(['9', '10', request.topic, 'phx_reply', ok]);
    expect(await client.frame()).toEqual(closed('9', request.topic));
    expect(await client.frame()).toEqual(joinOk('11', request.topic));
    expect(await client.frame()).toEqual(response('11', request.topic, 'completed'));
    expect(await client.frame()).toEqual(closed('11', request.topic));
    client.send(['9', '12', request.topic, 'phx_leave', {}]);
    expect(await client.frame()).toEqual(['9', '12', request.topic, 'phx_reply', ok]);
    client.drop();
  });

  it('has a stale leave answered and ignored while its last join lives', async () => {
    const request = hub.aRequest();
    const client = await hub.join(request, '11');
    client.send(['9', '12', request.topic, 'phx_leave', {}]);
    expect(await client.frame()).toEqual(['9', '12', request.topic, 'phx_reply', { status: 'ok', response: {} }]);
    await hub.log.append(request.address, aCompletedRequest());
    expect(await client.frame()).toEqual(response('11', request.topic, 'completed'));
    client.drop();
  });
});

describe('the feed', () => {
  it('is followed once for all sockets of a channel, and not after the last left', async () => {
    const request = hub.aRequest();
    const before = hub.log.followers;
    const [one, other] = [await hub.join(request), await hub.join(request)];
    expect(hub.log.followers).toBe(before + 1);
    for (const client of [one, other]) {
      client.send(['1', '2', request.topic, 'phx_leave', {}]);
      await client.frame();
      expect(await client.frame()).toEqual(closed('1', request.topic));
    }
    expect(hub.log.followers).toBe(before);
    one.drop();
    other.drop();
  });

  it('is not followed after the final state', async () => {
    const request = hub.aRequest();
    const before = hub.log.followers;
    const client = await hub.join(request);
    await hub.log.append(request.address, aCompletedRequest());
    await client.frame();
    expect(hub.log.followers).toBe(before);
    client.drop();
  });

  it('spares a second socket of a channel the read of the log', async () => {
    const request = hub.aRequest();
    await hub.log.append(request.address, aGeneratedRequest());
    const one = await hub.join(request);
    await one.frame();
    const reads = hub.log.reads;
    const other = await hub.join(request);
    expect(await other.frame()).toEqual(response('1', request.topic, 'ai_generated'));
    expect(hub.log.reads).toBe(reads);
    one.drop();
    other.drop();
  });
});

describe('facts', () => {
  it('tell the first join of a channel and what was pushed to how many', async () => {
    const request = hub.aRequest();
    await hub.log.append(request.address, anAcceptedRequest());
    const joined = hub.log.appended(realtimeJoined.type, request.channel);
    const one = await hub.join(request);
    expect(await joined).toMatchObject({ address: { channel: request.channel }, data: { topic: request.topic } });
    const other = await hub.join(request);
    const pushed = hub.log.appended(realtimePushed.type, request.channel);
    await hub.log.append(request.address, aCompletedRequest());
    expect(await pushed).toMatchObject({
      data: { status: 'completed', sockets: 2, instance: expect.stringMatching(/^realtime-hub-/), transport: 'socket' },
    });
    const facts = await hub.log.readChannel(request.project, request.channel);
    const accepted = facts.find(({ type }) => type === 'request.accepted');
    const joins = facts.filter(({ type }) => type === realtimeJoined.type);
    expect(joins.map(({ causationId }) => causationId)).toEqual([accepted?.id]);
    one.drop();
    other.drop();
  });

  it('that cannot be recorded keep no result back', async () => {
    const request = hub.aRequest();
    await hub.log.append(request.address, aCompletedRequest());
    hub.log.failingAppends = 2;
    const client = await hub.join(request);
    expect(await client.frame()).toEqual(response('1', request.topic, 'completed'));
    await expectAfterClose(client, request.topic);
    hub.log.failingAppends = 0;
  });

  async function expectAfterClose(client: RawClient, topic: string): Promise<void> {
    expect(await client.frame()).toEqual(closed('1', topic));
    await expectHeartbeat(client);
    client.drop();
  }
});

describe('plain HTTP on the path of the socket', () => {
  it.each(['GET', 'POST'])('%s is answered with 400', async (method) => {
    expect(await hub.statusOf(method, '/socket/websocket')).toBe(400);
  });
});

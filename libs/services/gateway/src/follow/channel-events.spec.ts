import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RequestEvent } from '@headrace/contracts';
import { projectId, withKeyOf } from '@headrace/http/testing';
import { waitFor } from '@headrace/testing';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { createInterface } from 'node:readline';
import { text as textOf } from 'node:stream/consumers';
import { FollowHarness, happened, otherProject } from '../testing/follow.harness.js';

const { accepted, generated, completed, failed } = happened;
let gateway: FollowHarness;
beforeAll(async () => {
  gateway = await FollowHarness.start();
});
afterAll(() => gateway.close());

/** Resolves once so many clients follow a request. */
const followers = (count: number, { log } = gateway) => waitFor(() => log.followers === count, { everyMs: 2 });

/** Tells pieces of a channel's answer, or without a text how far it is, and all of them to whoever asks in the middle. */
function aTeller(channel: string) {
  let content = '';
  let next = 0;
  gateway.pieces.offerSoFar(projectId, channel, () => ({ next, content, toolCalls: [] }));
  return (text?: string) => {
    if (text === undefined) return gateway.pieces.tell(projectId, channel, { index: next });
    gateway.pieces.tell(projectId, channel, { index: next, content: text });
    content += text;
    next += 1;
  };
}
const listensTo = (channel: string, count = 1) =>
  waitFor(() => gateway.pieces.followersOf(projectId, channel) === count, { everyMs: 2 });

describe('GET /v1/requests/{channel_id}/events', () => {
  it('tells the states and the text as sockets are told them, then ends', async () => {
    const channel = await gateway.channelWith(accepted);
    const events = await gateway.events(channel);
    expect(events.response.status).toBe(200);
    expect(Object.fromEntries(events.response.headers)).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
      'access-control-allow-origin': '*',
    });
    await listensTo(channel);
    const tell = aTeller(channel);
    tell('Once upon ');
    expect(await events.next()).toMatchObject({ event: 'tokens', data: { data: 'Once upon ', index: 0 } });
    tell('a time');
    expect(await events.next()).toMatchObject({ event: 'tokens', data: { data: 'a time', index: 1 } });
    const first = await gateway.append(channel, generated);
    expect(await events.next()).toMatchObject({ id: `${first}`, event: 'response', data: { status: 'ai_generated' } });
    const last = await gateway.append(channel, completed);
    const { body } = await gateway.show(channel);
    expect(await events.rest()).toEqual([
      { id: `${last}`, event: 'response', data: body['result'] },
      { event: 'phx_close', data: {} },
    ]);
    await followers(0);
    await listensTo(channel, 0);
  });

  it('says at the beginning when to come again, and where it begins', async () => {
    const channel = await gateway.channelWith(accepted);
    const events = await gateway.events(channel);
    expect(await events.nextBlock()).toEqual({ retry: '1000' });
    expect(await events.nextBlock()).toEqual({ id: expect.stringMatching(/^\d+$/) });
    events.drop();
    await followers(0);
  });

  it('tells who comes late all of the text that was told, as index 0', async () => {
    const channel = await gateway.channelWith(accepted);
    const tell = aTeller(channel);
    tell('Once upon ');
    tell('a ');
    const events = await gateway.events(channel);
    await listensTo(channel);
    tell();
    expect(await events.next()).toMatchObject({ data: { data: 'Once upon a ', index: 0 } });
    tell('time');
    expect(await events.next()).toMatchObject({ data: { data: 'time', index: 1 } });
    events.drop();
  });

  it('goes on with the text where the client was, without loss or repeats', async () => {
    const channel = await gateway.channelWith(accepted);
    const tell = aTeller(channel);
    tell('Once ');
    const first = await gateway.events(channel);
    await listensTo(channel);
    tell();
    await first.next();
    first.drop();
    await followers(0);
    tell('upon ');
    const second = await gateway.events(channel, { 'last-event-id': first.lastId });
    await listensTo(channel);
    tell();
    expect(await second.next()).toMatchObject({ event: 'tokens', data: { data: 'upon ', index: 1 } });
    tell('a time');
    expect(await second.next()).toMatchObject({ event: 'tokens', data: { data: 'a time', index: 2 } });
    second.drop();
  });

  it('tells every state that was missed, each once, also by ?last_event_id=', async () => {
    const channel = await gateway.channelWith(accepted);
    const first = await gateway.events(channel);
    await first.nextBlock();
    await first.nextBlock();
    first.drop();
    await gateway.append(channel, generated);
    const url = `/v1/requests/${channel}/events?last_event_id=${first.lastId}`;
    await gateway.append(channel, completed);
    const text = await (await fetch(`${gateway.http.url}${url}`, { headers: withKeyOf(projectId) })).text();
    const statuses = [...text.matchAll(/^data: {"status":"(\w+)"/gm)].map(([, status]) => status);
    expect(statuses).toEqual(['ai_generated', 'success']);
  });

  it('repeats no state that the client knows', async () => {
    const channel = await gateway.channelWith(accepted, generated);
    const first = await gateway.events(channel);
    expect(await first.next()).toMatchObject({ data: { status: 'ai_generated' } });
    first.drop();
    const second = await gateway.events(channel, { 'last-event-id': first.lastId });
    await gateway.append(channel, completed);
    expect(await second.next()).toMatchObject({ data: { status: 'success' } });
  });

  it.each([
    ['completed', completed, 'success'],
    ['failed', failed, 'error'],
  ])('tells the end again to who does not know it, and 204 to who does (%s)', async (_, end: RequestEvent, status) => {
    const channel = await gateway.channelWith(accepted, generated, end);
    for (const known of [undefined, 'nonsense', '1', '999999999']) {
      const events = await gateway.events(channel, known === undefined ? {} : { 'last-event-id': known });
      const told = await events.rest();
      expect(told.at(-2)).toMatchObject({ event: 'response', data: { status } });
      const again = await gateway.events(channel, { 'last-event-id': events.lastId });
      expect(again.response.status).toBe(204);
      expect(again.response.headers.get('access-control-allow-origin')).toBe('*');
    }
    await followers(0);
  });

  it('hears after a lost connection of all states that came meanwhile', async () => {
    const channel = await gateway.channelWith(accepted);
    const events = await gateway.events(channel);
    await listensTo(channel);
    gateway.log.connected = false;
    await gateway.append(channel, generated);
    await gateway.append(channel, completed);
    gateway.log.reconnect();
    const told = await events.rest();
    expect(told.map(({ data }) => data?.['status'])).toEqual(['ai_generated', 'success', undefined]);
  });

  it('tells a client that reads late the whole text, in events of bounded size', async () => {
    const channel = await gateway.channelWith(accepted);
    const tell = aTeller(channel);
    const [response] = (await once(gateway.getOnce(`/v1/requests/${channel}/events`), 'response')) as [IncomingMessage];
    await listensTo(channel);
    const piece = 'x'.repeat(999_999) + '\n';
    for (let told = 0; told < 20; told += 1) tell(piece);
    const whole = piece.repeat(20);
    let text = '';
    let longest = 0;
    const blocks = createInterface({ input: response })[Symbol.asyncIterator]();
    while (text.length < whole.length) {
      const line = String((await blocks.next()).value);
      if (!line.startsWith('data: ')) continue;
      const { data } = JSON.parse(line.slice('data: '.length)) as { data: string };
      longest = Math.max(longest, data.length);
      text += data;
    }
    expect(text === whole).toBe(true);
    expect(longest).toBe(16_384);
    response.destroy();
    await followers(0);
  });

  it('sends a client that is behind the end instead of the rest of the text', async () => {
    const channel = await gateway.channelWith(accepted);
    const tell = aTeller(channel);
    const [response] = (await once(gateway.getOnce(`/v1/requests/${channel}/events`), 'response')) as [IncomingMessage];
    await listensTo(channel);
    tell('x'.repeat(50_000_000));
    await gateway.append(channel, completed);
    const text = await textOf(response);
    expect(text.length).toBeLessThan(50_000_000);
    expect(text).toMatch(/event: response\ndata: {"status":"success".*\n\nevent: phx_close\ndata: {}\n\n$/);
  });

  it('lets go of a client that reads nothing', async () => {
    const strict = await FollowHarness.start({ stream: { streamStallMs: 50 } });
    const channel = await strict.channelWith(accepted);
    const [response] = (await once(strict.getOnce(`/v1/requests/${channel}/events`), 'response')) as [IncomingMessage];
    await followers(1, strict);
    await waitFor(() => strict.pieces.followersOf(projectId, channel) === 1, { everyMs: 2 });
    strict.pieces.tell(projectId, channel, { index: 0, content: 'x'.repeat(50_000_000) });
    await followers(0, strict);
    response.destroy();
    await strict.close();
  });

  it('tells the end of a request that the log has forgotten', async () => {
    const kept = [accepted, completed].map((event, index) => ({
      ...event,
      sequence: index + 1,
      time: '2026-01-01T00:00:00.000Z',
    }));
    const old = await FollowHarness.start({ readModel: { timeline: () => Promise.resolve(kept) } });
    const channel = '0198d6a0-0000-7000-8000-00000000eeee';
    const events = await old.events(channel);
    expect((await events.rest())[0]).toMatchObject({ id: '2', data: { status: 'success' } });
    expect((await old.events(channel, { 'last-event-id': '2' })).response.status).toBe(204);
    await old.close();
  });

  it('answers HEAD without following', async () => {
    const url = `${gateway.http.url}/v1/requests/${await gateway.channelWith(accepted)}/events`;
    expect((await fetch(url, { method: 'HEAD', headers: withKeyOf(projectId) })).status).toBe(200);
    await followers(0);
  });

  it('says at intervals that it lives', async () => {
    const impatient = await FollowHarness.start({ stream: { streamHeartbeatMs: 10 } });
    const events = await impatient.events(await impatient.channelWith(accepted, generated));
    await events.next();
    expect(await events.nextBlock()).toEqual({ comment: 'heartbeat' });
    events.drop();
    await impatient.close();
  });

  it('sends its clients to another process, spread, when the server stops', async () => {
    const stopped = await FollowHarness.start();
    const events = await stopped.events(await stopped.channelWith(accepted, generated));
    await events.next();
    const closed = stopped.close();
    expect(Number((await events.nextBlock())?.retry)).toBeGreaterThanOrEqual(500);
    expect(await events.nextBlock()).toBeUndefined();
    await closed;
  });

  it('is refused with Retry-After while too many follow', async () => {
    const small = await FollowHarness.start({ follow: { maxFollowedRequests: 1 } });
    const channel = await small.channelWith(accepted);
    const first = await small.events(channel);
    const { status, headers } = (await small.events(channel)).response;
    expect(status).toBe(503);
    expect(headers.get('retry-after')).toBe('1');
    first.drop();
    await small.close();
  });

  it('answers 404 for an unknown channel, 403 for that of another project, 401 without anything', async () => {
    const channel = await gateway.channelWith(accepted);
    const unknown = '0198d6a0-0000-7000-8000-00000000ffff';
    expect((await gateway.events(unknown)).response.status).toBe(404);
    expect((await gateway.events('no-channel')).response.status).toBe(404);
    expect((await gateway.events(channel, withKeyOf(otherProject))).response.status).toBe(403);
    expect((await fetch(`${gateway.http.url}/v1/requests/${channel}/events`)).status).toBe(401);
    await followers(0);
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { projectId } from '@headrace/http/testing';
import { waitFor } from '@headrace/testing';
import { FollowHarness, happened } from '../testing/follow.harness.js';
import { PushedStates } from './pushed-states.js';

let gateway: FollowHarness;
beforeAll(async () => {
  gateway = await FollowHarness.start();
});
afterAll(() => gateway.close());

const { accepted, generated, completed } = happened;
const followers = (count: number, { log } = gateway) => waitFor(() => log.followers === count, { everyMs: 2 });
const pushesOf = async (channel: string, { log } = gateway) =>
  (await log.readChannel(projectId, channel)).filter(({ type }) => type === 'realtime.pushed');

const channelAddress = (channel: string) => ({ project: projectId, channel, aggregate: 'request' });

/** The pushes of a channel, as soon as there are so many. */
const pushes = (channel: string, count: number) =>
  waitFor(
    async () => {
      const found = await pushesOf(channel);
      return found.length >= count && found;
    },
    { everyMs: 5 },
  );

describe('the states that clients over HTTP are told', () => {
  it('are noted with their numbers, each state once for all clients of a kind', async () => {
    const channel = await gateway.channelWith(accepted);
    const events = [await gateway.events(channel), await gateway.events(channel)];
    const waiting = gateway.show(channel, '?wait=60s');
    await followers(3);
    await gateway.append(channel, generated);
    const [first] = await pushes(channel, 1);
    const instance = expect.stringMatching(/^gateway-[0-9a-f]{6}$/);
    expect(first).toMatchObject({ data: { status: 'ai_generated', sockets: 2, instance, transport: 'events' } });
    await gateway.append(channel, completed);
    await waiting;
    const [end] = (await gateway.log.readChannel(projectId, channel)).filter(({ type }) => type === completed.type);
    expect((await pushes(channel, 3)).slice(1)).toMatchObject([
      { data: { status: 'success', sockets: 2, transport: 'events' }, causationId: end?.id },
      { data: { status: 'success', sockets: 1, transport: 'wait' }, causationId: end?.id },
    ]);
    for (const client of events) client.drop();
    const { body } = await gateway.show(channel);
    const entries = (body['timeline'] as { kind: string }[]).filter(({ kind }) => kind === 'realtime');
    expect(entries).toMatchObject([
      { status: 'joined', sockets: null },
      { status: 'ai_generated', sockets: 2, pushes: [{ transport: 'events', sockets: 2 }] },
      { status: 'success', sockets: 3, pushes: [{ transport: 'events' }, { transport: 'wait' }] },
    ]);
  });

  it('go to clients who are counted while they look on', async () => {
    const channel = await gateway.channelWith(accepted);
    const numbers: [string, number][] = [];
    const watching = gateway.viewers.watch(projectId, (...number) => numbers.push(number));
    const events = await gateway.events(channel);
    const waiting = gateway.show(channel, '?wait=60s');
    await followers(2);
    gateway.viewers.tell();
    events.drop();
    await followers(1);
    gateway.viewers.tell();
    await gateway.append(channel, completed);
    await waiting;
    gateway.viewers.tell();
    watching.close();
    expect(numbers).toEqual([2, 1, 0].map((viewers) => [channel, viewers]));
  });

  it('are not noted again for who knows them, nor for who looks up what has ended', async () => {
    const channel = await gateway.channelWith(accepted, completed);
    const late = await gateway.events(channel);
    await late.rest();
    await pushes(channel, 1);
    await gateway.events(channel, { 'last-event-id': late.lastId });
    await gateway.show(channel, '?wait=60s');
    const other = await gateway.channelWith(accepted, completed);
    await (await gateway.events(other)).rest();
    await pushes(other, 1);
    expect(await pushesOf(channel)).toHaveLength(1);
  });

  it('are noted once for those who come late, however often they come', async () => {
    const channel = await gateway.channelWith(accepted);
    await gateway.log.appendAt(new Date(Date.now() - 61_000), channelAddress(channel), completed);
    for (let times = 0; times < 3; times += 1) await (await gateway.events(channel)).rest();
    await pushes(channel, 1);
    const other = await gateway.channelWith(accepted, completed);
    await (await gateway.events(other)).rest();
    await pushes(other, 1);
    expect(await pushesOf(channel)).toHaveLength(1);
  });

  it('are noted no more than twenty times while they are new, however often clients come', async () => {
    const channel = await gateway.channelWith(accepted, completed);
    const state = await gateway.log.last(channelAddress(channel));
    if (!state) throw new Error('there is no state');
    const pushed = new PushedStates(gateway.log);
    for (let times = 0; times < 100; times += 1) {
      pushed.told({ project: projectId, channel }, state, 'events');
      pushed.beforeApplicationShutdown();
    }
    expect(await pushes(channel, 20)).toHaveLength(20);
  });

  it('are noted before the process stops', async () => {
    const stopped = await FollowHarness.start();
    const channel = await stopped.channelWith(accepted, generated);
    const events = await stopped.events(channel);
    await events.next();
    await stopped.close();
    expect(await pushesOf(channel, stopped)).toMatchObject([{ data: { status: 'ai_generated', sockets: 1 } }]);
  });
});

import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { laneWatchTimer } from '@headrace/contracts';
import { aContext, aGeneration, anOutput } from '@headrace/domain/testing';
import type { FiredTimer, Recorded } from '@headrace/event-log';
import type { OutboundRequest } from '@headrace/outbound-http';
import { aDispatcher, anEndpoint, projectId } from '../testing/dispatcher.harness.js';

const fifoKey = 'customer_data.user';
const endpointId = 'endpoint-1';
const endpoint = anEndpoint('https://one.test/', { id: endpointId, fifoKey });

let dispatcher: ReturnType<typeof aDispatcher>;
let posts: string[];
let statuses: number[];
let seen: number;
beforeEach(() => {
  [posts, statuses, seen] = [[], [], 0];
  const request = async (post: OutboundRequest) => {
    posts.push(String(post.headers?.['mr-delivery-id']));
    const timings = { connection: null, firstByteMs: 1, totalMs: 1 };
    const version = 'http/1.1' as const;
    return { status: statuses.shift() ?? 200, headers: {}, body: Buffer.alloc(0), truncated: false, version, timings };
  };
  dispatcher = aDispatcher([endpoint], { outbound: { request } });
});

/** Ends a request of the user and plans its delivery; resolves to the delivery's id. */
async function plan(user = 'ann'): Promise<string> {
  const context = aContext({ customerData: { user } });
  const data = { context, generation: aGeneration(), output: anOutput(), callback: null, completedAt: '' };
  await dispatcher.planner.plan(await dispatcher.append({ type: 'request.completed', data }, randomUUID()));
  return String(dispatcher.plans().at(-1)?.data.deliveryId);
}

/** Hands out the events that were appended since the last time, and those that follow from them. */
async function settle(): Promise<void> {
  for (; seen < dispatcher.log.all.length; seen += 1) {
    const event = dispatcher.log.all[seen] as Recorded;
    if (event.type === 'delivery.planned') await dispatcher.deliver(event as Parameters<typeof dispatcher.deliver>[0]);
    if (event.address.aggregate === 'lane')
      await dispatcher.giveTurn(event as Parameters<typeof dispatcher.giveTurn>[0]);
  }
}

const reasons = () =>
  dispatcher.log.all
    .filter(({ type }) => type === 'delivery.dead-lettered')
    .map(({ data }) => (data as { deliveryId: string; reason: string }).deliveryId);

describe('the next delivery of a lane', () => {
  it('waits while the one before is tried again', async () => {
    statuses.push(500);
    const [first, second] = [await plan(), await plan()];
    await settle();
    expect(posts).toEqual([first]);
    await dispatcher.fireTimers();
    await settle();
    expect(posts).toEqual([first, first, second]);
  });

  it('has its turn when the one before became a dead letter', async () => {
    statuses.push(410);
    const [first, second] = [await plan(), await plan()];
    await settle();
    expect(posts).toEqual([first, second]);
    expect(reasons()).toEqual([first]);
  });

  it('stays behind although somebody who knows no lanes sets its timer', async () => {
    statuses.push(500);
    const [first, second] = [await plan(), await plan()];
    await settle();
    const address = { kind: 'delivery-retry', project: projectId, channel: '', key: second };
    const planned = dispatcher.plans()[1];
    const data = { deliveryId: second, attempt: 1, revision: planned?.sequence ?? 0 };
    const channel = String(planned?.address.channel);
    const before = dispatcher.log.all.length;
    await dispatcher.fire({ id: 'timer', address: { ...address, channel }, data, traceParent: '' });
    expect(posts).toEqual([first]);
    expect(dispatcher.log.all).toHaveLength(before);
    await dispatcher.fireTimers();
    await settle();
    expect(posts).toEqual([first, first, second]);
  });

  it('joins when its timer fires although its planner never let it', async () => {
    const first = await plan();
    await settle();
    const [template] = dispatcher.plans();
    const lost = { ...template?.address, key: 'dlv_lost' } as Recorded['address'];
    const data = { ...template?.data, deliveryId: 'dlv_lost' };
    const revision = await dispatcher.log.append(lost, { type: 'delivery.planned', data });
    const address = { kind: 'delivery-retry', project: projectId, channel: lost.channel, key: 'dlv_lost' };
    await dispatcher.fire({
      id: 'timer',
      address,
      data: { deliveryId: 'dlv_lost', attempt: 1, revision },
      traceParent: '',
    });
    await settle();
    expect(posts).toEqual([first, 'dlv_lost']);
  });

  it('does not wait for another key', async () => {
    statuses.push(500);
    const [first, other] = [await plan('ann'), await plan('ben')];
    await settle();
    expect(posts).toEqual([first, other]);
  });

  it.each([
    ['removed', []],
    ['switched off', [{ ...endpoint, active: false }]],
  ])('ends like the one before when the endpoint is %s, in order', async (_, endpoints) => {
    const deliveries = [await plan(), await plan(), await plan()];
    dispatcher.projects.endpoints = endpoints;
    await settle();
    expect(posts).toEqual([]);
    expect(reasons()).toEqual(deliveries);
  });

  it('keeps its lane when the endpoint asks for another order, or none, meanwhile', async () => {
    statuses.push(500);
    const [first, second] = [await plan(), await plan()];
    await settle();
    dispatcher.projects.endpoints = [{ ...endpoint, fifoKey: null }];
    const third = await plan();
    await settle();
    expect(posts).toEqual([first, third]);
    await dispatcher.fireTimers();
    await settle();
    expect(posts).toEqual([first, third, first, second]);
  });

  it('is passed over when its request was erased while it waited', async () => {
    statuses.push(500);
    const first = await plan();
    const gone = { project: projectId, endpointId, channel: randomUUID(), deliveryId: 'dlv_gone' };
    const lane = String(dispatcher.plans()[0]?.data.lane);
    await dispatcher.lanes.join({ ...gone, lane }, { id: 'cause', traceParent: '' }, true);
    const third = await plan();
    await settle();
    await dispatcher.fireTimers();
    await settle();
    expect(posts).toEqual([first, first, third]);
  });
});

describe('a replay', () => {
  it('joins its lane at the end, once', async () => {
    statuses.push(410, 500);
    const first = await plan();
    await settle();
    const second = await plan();
    await settle();
    const [letter] = dispatcher.plans();
    if (!letter) throw new Error('nothing was planned');
    const data = { ...letter.data, deliveryId: 'dlv_again', replayOf: first };
    await dispatcher.log.append({ ...letter.address, key: 'dlv_again' }, { type: 'delivery.planned', data });
    const replay = dispatcher.plans().at(-1);
    if (!replay) throw new Error('nothing was planned');
    await dispatcher.deliver(replay);
    await dispatcher.deliver(replay, 2);
    seen = dispatcher.log.all.length - 1;
    await settle();
    expect(posts).toEqual([first, second]);
    await dispatcher.fireTimers();
    await settle();
    expect(posts).toEqual([first, second, second, 'dlv_again']);
  });
});

describe('a delivery that was put back into a log that had lost it', () => {
  it('joins its lane again', async () => {
    const first = await plan();
    await settle();
    const [planned] = dispatcher.plans();
    const data = { ...planned?.data, deliveryId: 'dlv_lost', plannedAt: '2026-01-01T00:00:00.000Z' };
    const address = { ...planned?.address, key: 'dlv_lost' } as Recorded['address'];
    await dispatcher.log.append(address, { type: 'delivery.planned', data });
    await settle();
    expect(posts).toEqual([first, 'dlv_lost']);
  });
});

describe('a lane that is looked at', () => {
  const look = async () => {
    const [timer] = dispatcher.timers.waiting.filter(({ address }) => address.kind === 'lane-watch');
    await dispatcher.timers.cancel({ kind: 'lane-watch' } as typeof laneWatchTimer, timer?.address as never);
    await dispatcher.onLaneWatchDue.look(timer as unknown as FiredTimer<typeof laneWatchTimer>);
    await settle();
  };
  const watches = () => dispatcher.timers.waiting.filter(({ address }) => address.kind === 'lane-watch');

  it('is one in which somebody waits', async () => {
    await plan();
    expect(watches()).toHaveLength(0);
    await plan();
    expect(watches()).toHaveLength(1);
  });

  it('goes on when its head ended without leaving', async () => {
    const [first, second] = [await plan(), await plan()];
    const planned = dispatcher.plans()[0];
    const { endpointId: to, url, webhookType } = planned?.data ?? {};
    const end = { deliveryId: first, endpointId: to, url, webhookType, attempt: null, reason: 'It was cancelled.' };
    await dispatcher.log.append(planned?.address as never, { type: 'delivery.dead-lettered', data: end });
    seen = dispatcher.log.all.length;
    await look();
    expect(posts).toEqual([second]);
    expect(watches()).toHaveLength(0);
  });

  it('is left alone while its head takes its time', async () => {
    statuses.push(500);
    const [first] = [await plan(), await plan()];
    await settle();
    await look();
    expect(posts).toEqual([first]);
    expect(watches()).toMatchObject([{ data: { head: first, round: 1 } }]);
  });

  it('is one again whose watch was lost, as soon as somebody who waits is found without a timer', async () => {
    statuses.push(500);
    const [first, second] = [await plan(), await plan()];
    await settle();
    for (const { address } of watches())
      await dispatcher.timers.cancel({ kind: 'lane-watch' } as typeof laneWatchTimer, address);
    expect(watches()).toHaveLength(0);
    // As the reconciler sets it.
    const planned = dispatcher.plans()[1];
    const address = {
      kind: 'delivery-retry',
      project: projectId,
      channel: String(planned?.address.channel),
      key: second,
    };
    const data = { deliveryId: second, attempt: 1, revision: planned?.sequence ?? 0 };
    await dispatcher.fire({ id: 'timer', address, data, traceParent: '' });
    expect(watches()).toMatchObject([{ data: { head: first, round: 0 } }]);
    expect(posts).toEqual([first]);
  });
});

import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { aContext, aGeneration, anOutput } from '@headrace/domain/testing';
import type { JetStream } from '@headrace/jetstream';
import { openJetStream, type TestProcess } from '@headrace/jetstream/testing';
import { AddressPolicy, OutboundHttp, OutboundHttpSettings } from '@headrace/outbound-http';
import { FakeReceiver, startNats, waitFor, type ReceivedRequest, type TestNats } from '@headrace/testing';
import { runDispatcherProcess } from '../testing/dispatcher-process.js';
import { anEndpoint, FixedProjectStore, projectId } from '../testing/dispatcher.harness.js';
import { laneKeyOf } from './lane-key.js';
import { laneAddress } from './lanes.js';

const fifoKey = 'customer_data.user';
const endpointId = 'ordered';
const eachUser = (count: number) => Array.from({ length: count }, (_, index) => `user-${index}`);

describe('order at an endpoint, on NATS', () => {
  let nats: TestNats;
  let jetStream: JetStream;
  let receiver: FakeReceiver;
  let outbound: OutboundHttp;
  let running: TestProcess[] = [];
  const projects = new FixedProjectStore([]);

  beforeAll(async () => {
    nats = await startNats();
    ({ jetStream } = await openJetStream(nats, { settings: { stopTimeoutMs: 300 } }));
    receiver = await FakeReceiver.start();
    const settings = Object.assign(new OutboundHttpSettings(), { allowLoopback: true });
    outbound = new OutboundHttp(new AddressPolicy(settings), settings);
    projects.endpoints = [anEndpoint(`${receiver.url}/hook`, { id: endpointId, fifoKey })];
  });
  afterEach(async () => {
    await Promise.all(running.map((process) => process.stop()));
    running = [];
    receiver.reset();
  });
  afterAll(async () => {
    await outbound.close();
    await receiver.stop();
    await jetStream.close();
    await nats.stop();
  });

  async function runDispatchers(count: number): Promise<void> {
    const surroundings = { jetStream, projects, outbound, administration: {} };
    running.push(...(await Promise.all(Array.from({ length: count }, () => runDispatcherProcess(surroundings)))));
  }

  /** Ends a request of a user well; its webhook follows. */
  async function completeRequest(user: string): Promise<string> {
    const channel = randomUUID();
    const data = {
      context: aContext({ customerData: { user } }),
      generation: aGeneration(),
      output: anOutput(),
      callback: null,
      completedAt: '',
    };
    await jetStream.eventLog.append(
      { project: projectId, channel, aggregate: 'request' },
      { type: 'request.completed', data },
    );
    return channel;
  }

  const laneOf = (user: string) =>
    laneAddress(projectId, endpointId, String(laneKeyOf(fifoKey, { customer_data: { user } })));

  /** The channels of a user's deliveries in the order in which they joined their lane. */
  async function planned(user: string): Promise<string[]> {
    const events = await jetStream.eventLog.read(laneOf(user));
    return events.filter(({ type }) => type === 'lane.queued').map(({ data }) => (data as { channel: string }).channel);
  }

  const isPlanned = (user: string, channel: string) =>
    waitFor(async () => (await planned(user)).includes(channel), { what: `the delivery of ${channel} is planned` });

  /** Resolves when nobody waits in a user's lane any more. */
  const isEmpty = (user: string) =>
    waitFor(
      async () => {
        const last = await jetStream.eventLog.last(laneOf(user));
        return last?.type === 'lane.advanced' && (last.data as { head: unknown }).head === null;
      },
      { timeoutMs: 20_000, what: `the lane of ${user} is empty` },
    );

  const userOf = (request: ReceivedRequest): string =>
    request.json<{ customer_data: { user: string } }>().customer_data.user;
  const channelOf = ({ headers }: ReceivedRequest): string => String(headers['mr-channel-id']);

  /** The channels that the receiver saw of a user, each run of attempts at one of them once. */
  function seen(user: string): string[] {
    const channels = receiver.requests.filter((request) => userOf(request) === user).map(channelOf);
    return channels.filter((channel, index) => channel !== channels[index - 1]);
  }

  it('is that of planning for each key, with several processes and a receiver that fails and recovers', async () => {
    const users = eachUser(20);
    // Fails the first attempt of every second delivery.
    receiver.answerAlways(({ headers }) =>
      headers['mr-attempt'] === '1' && parseInt(String(headers['mr-channel-id']).slice(0, 2), 16) % 2 === 0
        ? { status: 500 }
        : {},
    );
    await runDispatchers(3);
    await Promise.all(
      Array.from({ length: 5 }, () => users)
        .flat()
        .map(completeRequest),
    );
    for (const user of users) {
      await waitFor(async () => (await planned(user)).length === 5, { what: `all of ${user} is planned` });
      await isEmpty(user);
      expect(seen(user)).toEqual(await planned(user));
    }
    expect(receiver.requests.filter(({ headers }) => headers['mr-attempt'] === '1')).toHaveLength(100);
  });

  it('is that of the requests when each was planned before the next ended', async () => {
    receiver.answerNext({ status: 500 }, { status: 503 });
    await runDispatchers(2);
    const channels: string[] = [];
    for (let request = 0; request < 4; request += 1) {
      const channel = await completeRequest('one-by-one');
      await isPlanned('one-by-one', channel);
      channels.push(channel);
    }
    await isEmpty('one-by-one');
    expect(seen('one-by-one')).toEqual(channels);
  });

  it('lets a key wait for nobody but itself', async () => {
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    receiver.answerAlways(async (request) => {
      if (userOf(request) === 'slow') await released;
      return {};
    });
    await runDispatchers(2);
    const slow = [await completeRequest('slow'), await completeRequest('slow')];
    await receiver.next((request) => userOf(request) === 'slow');
    const others = eachUser(10).map((user) => `other-${user}`);
    await Promise.all([...others, ...others].map(completeRequest));
    for (const user of others) await isEmpty(user);
    for (const channel of slow) await isPlanned('slow', channel);
    expect(seen('slow')).toHaveLength(1);
    release();
    await isEmpty('slow');
    expect(seen('slow')).toEqual(await planned('slow'));
  });
});

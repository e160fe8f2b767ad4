import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Recorded } from '@headrace/event-log';
import { aFailedEvent, anAcceptedEvent, aRequestAddress } from '@headrace/event-log/testing';
import { startNats, waitFor, type TestNats } from '@headrace/testing';
import { openJetStream, Queue, type TestJetStream } from './testing/index.js';

let nats: TestNats;
let one: TestJetStream;
let other: TestJetStream;

beforeAll(async () => {
  nats = await startNats();
  [one, other] = [await openJetStream(nats), await openJetStream(nats)];
});
afterAll(async () => {
  await Promise.all([one.jetStream.close(), other.jetStream.close()]);
  await nats.stop();
});

const aPush = { type: 'realtime.pushed', data: { status: 'success', sockets: 2, pushedAt: new Date().toISOString() } };
const attempt = {
  number: 1,
  startedAt: new Date().toISOString(),
  durationMs: 3,
  httpStatus: 200,
  error: null,
  responseBody: null,
};
const aDelivery = {
  type: 'delivery.succeeded',
  data: { deliveryId: 'd1', endpointId: 'e1', url: 'https://example.com', webhookType: 'task.completed', attempt },
};

describe('the project feed', () => {
  it('misses nothing of what others write once it is ready', async () => {
    for (let round = 0; round < 20; round += 1) {
      const project = randomUUID();
      const heard = new Queue<Recorded>();
      const subscription = one.jetStream.projectFeed.subscribe(project, (event) => heard.put(event));
      await subscription.ready;
      await other.jetStream.eventLog.append(aRequestAddress(project), anAcceptedEvent());
      expect(await heard.take()).toMatchObject({ type: 'request.accepted' });
      subscription.close();
    }
  });

  it('tells what other processes write of any request of the project, refused decisions and others left out', async () => {
    const project = randomUUID();
    const [address, second] = [aRequestAddress(project), aRequestAddress(project)];
    const heard = new Queue<Recorded>();
    const subscription = one.jetStream.projectFeed.subscribe(project, (event) => heard.put(event));
    await subscription.ready;
    const { eventLog } = other.jetStream;
    await eventLog.append(address, anAcceptedEvent(), { expectedRevision: 0 });
    await expect(eventLog.append(address, aFailedEvent('refused'), { expectedRevision: 0 })).rejects.toThrow();
    await eventLog.append(aRequestAddress(), anAcceptedEvent());
    await eventLog.append(second, anAcceptedEvent(), { expectedRevision: 0 });
    await eventLog.append({ ...address, aggregate: 'delivery', key: 'd1' }, aDelivery);
    eventLog.note({ ...second, aggregate: 'realtime' }, aPush);
    const told = [await heard.take(), await heard.take(), await heard.take(), await heard.take()];
    expect(told.map(({ type, address: { channel } }) => [type, channel])).toEqual([
      ['request.accepted', address.channel],
      ['request.accepted', second.channel],
      ['delivery.succeeded', address.channel],
      ['realtime.pushed', second.channel],
    ]);
    expect(told[3]?.data).toEqual(aPush.data);
    subscription.close();
    await eventLog.append(aRequestAddress(project), anAcceptedEvent());
    await one.jetStream.connection.flush();
    expect(heard.left).toEqual([]);
  });

  it('survives a listener that throws', async () => {
    const address = aRequestAddress();
    const subscription = one.jetStream.projectFeed.subscribe(address.project, () => {
      throw new Error('The socket is gone');
    });
    await subscription.ready;
    await other.jetStream.eventLog.append(address, anAcceptedEvent());
    const warning = await one.logger.said('Project feed could not pass an event on');
    expect(warning.fields['error']).toBe('The socket is gone');
    subscription.close();
  });

  it('goes on after the connection was lost, and says that it was', async () => {
    const address = aRequestAddress();
    const heard = new Queue<Recorded>();
    const { projectFeed, connection } = one.jetStream;
    const subscription = projectFeed.subscribe(address.project, (event) => heard.put(event));
    const back = new Promise<void>((resolve) => {
      const listening = projectFeed.onReconnect(() => {
        listening.close();
        resolve();
      });
    });
    await nats.restart();
    await back;
    await connection.flush();
    await waitFor(async () => {
      await other.jetStream.eventLog.append(address, anAcceptedEvent());
      return true;
    });
    expect(await heard.take()).toMatchObject({ type: 'request.accepted', address });
    subscription.close();
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Recorded } from '@headrace/event-log';
import { aFailedEvent, aGenerationAttempt, anAcceptedEvent, aRequestAddress } from '@headrace/event-log/testing';
import { startNats, type TestNats } from '@headrace/testing';
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

describe('the channel feed', () => {
  it('tells stored request events only: not refused ones, not facts, not other channels', async () => {
    const address = aRequestAddress();
    const heard = new Queue<Recorded>();
    const subscription = one.jetStream.channelFeed.subscribe(address.project, address.channel, (event) =>
      heard.put(event),
    );
    await one.jetStream.eventLog.last(address);
    const { eventLog } = other.jetStream;
    const revision = await eventLog.append(address, anAcceptedEvent(), { expectedRevision: 0 });
    await expect(eventLog.append(address, aFailedEvent('refused'), { expectedRevision: 0 })).rejects.toThrow();
    await eventLog.append({ ...address, aggregate: 'generation' }, aGenerationAttempt());
    await eventLog.append(aRequestAddress(address.project), anAcceptedEvent());
    await eventLog.append(address, aFailedEvent(), { expectedRevision: revision });
    expect([await heard.take(), await heard.take()]).toEqual(await eventLog.read(address));
    subscription.close();
    await one.jetStream.connection.flush();
    expect(heard.left).toEqual([]);
  });

  it('tells only the types that a listener names', async () => {
    const address = aRequestAddress();
    const heard = new Queue<Recorded>();
    const listen = (event: Recorded): void => heard.put(event);
    one.jetStream.channelFeed.subscribe(address.project, address.channel, listen, ['request.failed']);
    await one.jetStream.connection.flush();
    const { eventLog } = one.jetStream;
    const revision = await eventLog.append(address, anAcceptedEvent(), { expectedRevision: 0 });
    await eventLog.append(address, aFailedEvent(), { expectedRevision: revision });
    expect(await heard.take()).toMatchObject({ type: 'request.failed' });
  });

  it('misses nothing between its subscription and a later read', async () => {
    for (let round = 0; round < 20; round += 1) {
      const address = aRequestAddress();
      const heard = new Queue<Recorded>();
      const appended = other.jetStream.eventLog.append(address, anAcceptedEvent());
      const subscription = one.jetStream.channelFeed.subscribe(address.project, address.channel, (event) =>
        heard.put(event),
      );
      const read = await one.jetStream.eventLog.last(address);
      await appended;
      const known = read ?? (await heard.take());
      expect(known.type).toBe('request.accepted');
      subscription.close();
    }
  });

  it('survives a listener that throws', async () => {
    const address = aRequestAddress();
    const subscription = one.jetStream.channelFeed.subscribe(address.project, address.channel, () => {
      throw new Error('The socket is gone');
    });
    await one.jetStream.eventLog.append(address, anAcceptedEvent());
    expect((await one.logger.said('could not pass an event on')).fields['error']).toBe('The socket is gone');
    subscription.close();
  });

  it('says when the connection was lost and is back', async () => {
    const back = [one, other].map(
      ({ jetStream }) =>
        new Promise<void>((resolve) => {
          const listening = jetStream.channelFeed.onReconnect(() => {
            listening.close();
            resolve();
          });
        }),
    );
    await nats.restart();
    await Promise.all(back);
  });
});

describe('configuration notices', () => {
  it('reach every process, with the project they are about', async () => {
    const heard = new Queue<string>();
    const listening = one.jetStream.notices.listen((project) => heard.put(project));
    await one.jetStream.connection.flush();
    other.jetStream.notices.announce('project-7');
    await expect(heard.take()).resolves.toBe('project-7');
    listening.close();
  });
});

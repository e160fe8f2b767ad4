import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { callbackDeadlineConsumer, callbackDeadlineTimer } from '@headrace/contracts';
import { HandlesTimer, InvalidEvent, type FiredTimer } from '@headrace/event-log';
import { startNats, type TestNats } from '@headrace/testing';
import { jetstreamManager } from '@nats-io/jetstream';
import { randomUUID } from 'node:crypto';
import { openJetStream, Queue, runHandlers, type TestJetStream, type TestProcess } from './testing/index.js';

let nats: TestNats;
let opened: TestJetStream;
let running: TestProcess;
let fired: Queue<FiredTimer<typeof callbackDeadlineTimer>>;

const traceParent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const inMs = (ms: number) => new Date(Date.now() + ms);
const aKey = () => ({ project: 'p', channel: randomUUID(), key: 'deadline' });

beforeAll(async () => {
  nats = await startNats();
});
afterAll(() => nats.stop());
beforeEach(async () => {
  const queue = new Queue<FiredTimer<typeof callbackDeadlineTimer>>();
  fired = queue;
  class Handler {
    @HandlesTimer(callbackDeadlineConsumer, callbackDeadlineTimer)
    async expire(timer: FiredTimer<typeof callbackDeadlineTimer>): Promise<void> {
      queue.put(timer);
    }
  }
  opened = await openJetStream(nats);
  running = await runHandlers(opened.jetStream, new Handler());
});
afterEach(async () => {
  await running.stop();
  await opened.jetStream.close();
});

const waiting = async () =>
  (await (await jetstreamManager(opened.jetStream.connection.client)).streams.info('TIMERS')).state.messages;

describe('timers on JetStream', () => {
  it('fire when their time has come, with what they carry and the trace of their cause', async () => {
    const key = aKey();
    const at = inMs(300);
    const cause = { id: 'cause-1', traceParent };
    await opened.jetStream.timers.schedule(callbackDeadlineTimer, key, at, { revision: 7 }, cause);
    const timer = await fired.take();
    expect(Date.now()).toBeGreaterThanOrEqual(at.getTime());
    expect(timer).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      address: { kind: 'callback-deadline', ...key },
      data: { revision: 7 },
      traceParent,
    });
  });

  it('fire at once when their time is past', async () => {
    await opened.jetStream.timers.schedule(callbackDeadlineTimer, aKey(), new Date(0), { revision: 1 });
    expect((await fired.take()).data.revision).toBe(1);
  });

  it('are replaced by a newer timer of the same key', async () => {
    const key = aKey();
    await opened.jetStream.timers.schedule(callbackDeadlineTimer, key, inMs(200), { revision: 1 });
    await opened.jetStream.timers.schedule(callbackDeadlineTimer, key, inMs(400), { revision: 2 });
    await opened.jetStream.timers.schedule(callbackDeadlineTimer, aKey(), inMs(800), { revision: 3 });
    expect([(await fired.take()).data.revision, (await fired.take()).data.revision]).toEqual([2, 3]);
  });

  it('are forgotten when they are cancelled, and cancelling twice does no harm', async () => {
    const key = aKey();
    await opened.jetStream.timers.schedule(callbackDeadlineTimer, key, inMs(300), { revision: 1 });
    await opened.jetStream.timers.cancel(callbackDeadlineTimer, key);
    await opened.jetStream.timers.cancel(callbackDeadlineTimer, key);
    await opened.jetStream.timers.schedule(callbackDeadlineTimer, aKey(), inMs(600), { revision: 2 });
    expect((await fired.take()).data.revision).toBe(2);
    expect(fired.left).toEqual([]);
  });

  it('survive a server that is killed, and those that are overdue fire when it is back', async () => {
    await Promise.all(
      Array.from({ length: 50 }, (_, revision) =>
        opened.jetStream.timers.schedule(callbackDeadlineTimer, aKey(), inMs(500), { revision }),
      ),
    );
    await nats.kill();
    await opened.logger.said('NATS is away');
    await nats.restart();
    const revisions = new Set<number>();
    while (revisions.size < 50) revisions.add((await fired.take()).data.revision);
    expect(revisions.size).toBe(50);
  });

  it('refuse what does not fit their kind', async () => {
    const wrong = { revision: 'seven' } as unknown as { revision: number };
    const scheduled = opened.jetStream.timers.schedule(callbackDeadlineTimer, aKey(), inMs(0), wrong);
    await expect(scheduled).rejects.toThrow(InvalidEvent);
  });

  it('leave nothing behind in the stream once they are handled', async () => {
    await opened.jetStream.timers.schedule(callbackDeadlineTimer, aKey(), inMs(0), { revision: 1 });
    await fired.take();
    await running.stop();
    await expect(waiting()).resolves.toBe(0);
  });
});

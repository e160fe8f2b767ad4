import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { callbackDeadlineConsumer, callbackDeadlineTimer, type ConsumerDefinition } from '@headrace/contracts';
import { HandlesTimer, type FiredTimer } from '@headrace/event-log';
import { anAcceptedEvent, aRequestAddress } from '@headrace/event-log/testing';
import { startNats, waitFor, type TestNats } from '@headrace/testing';
import { jetstreamManager } from '@nats-io/jetstream';
import {
  aConsumer,
  aHandler,
  openJetStream,
  Queue,
  runHandlers,
  settled,
  type TestJetStream,
  type TestProcess,
} from '../testing/index.js';

let nats: TestNats;
const opened: TestJetStream[] = [];
const processes: TestProcess[] = [];

beforeAll(async () => {
  nats = await startNats();
});
afterAll(() => nats.stop());
afterEach(async () => {
  await Promise.all(processes.splice(0).map((process) => process.stop()));
  await Promise.all(opened.splice(0).map(({ jetStream }) => jetStream.close()));
});

async function open(consumers: readonly ConsumerDefinition[] = []): Promise<TestJetStream> {
  const one = await openJetStream(nats, { consumers });
  opened.push(one);
  return one;
}

async function run({ jetStream }: TestJetStream, ...handlers: object[]): Promise<void> {
  processes.push(await runHandlers(jetStream, ...handlers));
}

/** The server dies with its disk and comes back; resolves when the process has what it needs again. */
async function loseStore({ jetStream, logger }: TestJetStream): Promise<void> {
  const away = logger.said('NATS is away');
  await nats.kill();
  await away;
  await nats.restartEmpty();
  await logger.said('NATS is back');
  await jetStream.topology.ensure();
}

/** A handler of callback deadlines that tells which came. */
function aTimerHandler() {
  const fired = new Queue<FiredTimer<typeof callbackDeadlineTimer>>();
  class Handler {
    @HandlesTimer(callbackDeadlineConsumer, callbackDeadlineTimer)
    async handle(timer: FiredTimer<typeof callbackDeadlineTimer>): Promise<void> {
      fired.put(timer);
    }
  }
  return { handler: new Handler(), fired };
}

const setTimer = ({ jetStream }: TestJetStream, channel: string) =>
  jetStream.timers.schedule(
    callbackDeadlineTimer,
    { project: 'p', channel, key: 'deadline' },
    new Date(Date.now() + 300),
    { revision: 1 },
  );

describe('a process whose NATS lost its store', () => {
  it('goes on to take events, in every replica that was connected', async () => {
    const consumer = aConsumer('test-emptied');
    const [one, other] = [await open([consumer]), await open([consumer])];
    const channels = new Set<string>();
    const take = ({ address }: { readonly address: { readonly channel: string } }) =>
      void channels.add(address.channel);
    await run(one, aHandler(consumer, take).handler);
    await run(other, aHandler(consumer, take).handler);
    await one.jetStream.eventLog.append(aRequestAddress(), anAcceptedEvent());
    await waitFor(() => channels.size === 1);
    await loseStore(one);
    await other.jetStream.topology.ensure();
    const addresses = Array.from({ length: 50 }, () => aRequestAddress());
    for (const address of addresses) await one.jetStream.eventLog.append(address, anAcceptedEvent());
    await waitFor(() => addresses.every(({ channel }) => channels.has(channel)));
  });

  it('goes on to set timers and to get them', async () => {
    const one = await open();
    const { handler, fired } = aTimerHandler();
    await run(one, handler);
    await setTimer(one, 'before');
    await fired.take();
    await loseStore(one);
    await setTimer(one, 'after');
    expect((await fired.take()).address.channel).toBe('after');
  });

  it('gets timers again when only their stream was removed', async () => {
    const one = await open();
    const { handler, fired } = aTimerHandler();
    await run(one, handler);
    await setTimer(one, 'first');
    await fired.take();
    const manager = await jetstreamManager(one.jetStream.connection.client);
    await manager.streams.delete('TIMERS');
    await expect(setTimer(one, 'refused')).rejects.toThrow('it is being made again');
    await one.jetStream.topology.ensure();
    await setTimer(one, 'second');
    expect((await fired.take()).address.channel).toBe('second');
  });

  it('does not settle a message of the new log with what it says about one of the old', async () => {
    const consumer = aConsumer('test-late-ack', { ackWaitMs: 60_000 });
    const one = await open([consumer]);
    const ends: (() => void)[] = [];
    const { handler, deliveries } = aHandler(consumer, () => new Promise<void>((resolve) => ends.push(resolve)));
    await run(one, handler);
    await one.jetStream.eventLog.append(aRequestAddress(), anAcceptedEvent());
    await deliveries.take();
    await loseStore(one);
    await one.jetStream.eventLog.append(aRequestAddress(), anAcceptedEvent());
    await deliveries.take();
    ends[0]?.();
    const manager = await jetstreamManager(one.jetStream.connection.client);
    await one.jetStream.connection.flush();
    expect(await manager.consumers.info('EVENTS', consumer.name)).toMatchObject({ num_ack_pending: 1 });
    ends[1]?.();
    await settled(one, consumer);
  });
});

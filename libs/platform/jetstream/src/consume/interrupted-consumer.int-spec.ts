import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { eventFilter, requestAccepted, requestFailed, type ConsumerDefinition } from '@headrace/contracts';
import { anAcceptedEvent, aRequestAddress } from '@headrace/event-log/testing';
import { startNats, waitFor, type TestNats } from '@headrace/testing';
import { jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import {
  aConsumer,
  aHandler,
  openJetStream,
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

async function open(consumer: ConsumerDefinition, settings = {}): Promise<TestJetStream> {
  const one = await openJetStream(nats, { consumers: [consumer], settings });
  opened.push(one);
  return one;
}

async function run({ jetStream }: TestJetStream, ...handlers: object[]): Promise<TestProcess> {
  const process = await runHandlers(jetStream, ...handlers);
  processes.push(process);
  return process;
}

/** Filters on one project, so that tests do not see each other's requests. */
const only = (project: string, more: Partial<ConsumerDefinition> = {}) =>
  aConsumer(`test-${project}`, { filterSubjects: [`evt.${project}.*.request.*`], ...more });

const managerOf = ({ jetStream }: TestJetStream): Promise<JetStreamManager> =>
  jetstreamManager(jetStream.connection.client);

describe('a consumer that is interrupted', () => {
  it('waits at a stop for handlers in flight, and takes nothing new', async () => {
    const consumer = only('graceful');
    const one = await open(consumer);
    const done: string[] = [];
    let finish: () => void = () => undefined;
    const { handler, deliveries } = aHandler(consumer, async () => {
      await new Promise<void>((resolve) => (finish = resolve));
      done.push('handled');
    });
    const process = await run(one, handler);
    await one.jetStream.eventLog.append(aRequestAddress('graceful'), anAcceptedEvent());
    await deliveries.take();
    const stopping = process.runner.stop().then(() => done.push('stopped'));
    await one.jetStream.eventLog.append(aRequestAddress('graceful'), anAcceptedEvent());
    finish();
    await stopping;
    expect(done).toEqual(['handled', 'stopped']);
    expect(deliveries.left).toEqual([]);
    const manager = await managerOf(one);
    expect(await manager.consumers.info('EVENTS', consumer.name)).toMatchObject({ num_ack_pending: 0, num_pending: 1 });
  });

  it.each([
    ['the process', { stopTimeoutMs: 50 }, {}],
    ['the consumer', { stopTimeoutMs: 60_000 }, { stopLimitMs: 50 }],
  ])(
    'gives back at a stop what does not end in the time of %s, for others to take over',
    async (_, settings, limit) => {
      const consumer = only(`handover-${settings.stopTimeoutMs}`, { ackWaitMs: 60_000, ...limit });
      const one = await open(consumer, settings);
      const other = await open(consumer);
      const stuck = aHandler(
        consumer,
        (_event, { signal }) =>
          new Promise((_, reject) => {
            signal.addEventListener('abort', () => reject(new Error('interrupted')));
          }),
      );
      const first = await run(one, stuck.handler);
      await one.jetStream.eventLog.append(aRequestAddress(`handover-${settings.stopTimeoutMs}`), anAcceptedEvent());
      const { delivery } = await stuck.deliveries.take();
      await first.runner.stop();
      expect(delivery.signal.aborted).toBe(true);
      const taking = aHandler(consumer);
      await run(other, taking.handler);
      expect((await taking.deliveries.take()).delivery.count).toBe(2);
      expect(one.logger.about('Handler failed')).toEqual([]);
    },
  );

  it('goes on when the server was killed and comes back', async () => {
    const consumer = only('restart');
    const one = await open(consumer);
    const { handler, deliveries } = aHandler(consumer);
    await run(one, handler);
    await one.jetStream.eventLog.append(aRequestAddress('restart'), anAcceptedEvent());
    await deliveries.take();
    const away = one.logger.said('NATS is away');
    await nats.kill();
    await away;
    await nats.restart();
    await one.logger.said('NATS is back');
    await one.jetStream.topology.ensure();
    const address = aRequestAddress('restart');
    await one.jetStream.eventLog.append(address, anAcceptedEvent());
    await waitFor(async () => (await deliveries.take()).event.address.channel === address.channel);
  });

  it('does not begin again with what it still works on when the server was restarted', async () => {
    const consumer = only('twice', { ackWaitMs: 500 });
    const one = await open(consumer);
    let finish: () => void = () => undefined;
    const { handler, deliveries } = aHandler(consumer, () => new Promise<void>((resolve) => (finish = resolve)));
    await run(one, handler);
    await one.jetStream.eventLog.append(aRequestAddress('twice'), anAcceptedEvent());
    await deliveries.take();
    const away = one.logger.said('NATS is away');
    await nats.kill();
    await away;
    await nats.restart();
    await one.logger.said('NATS is back');
    const manager = await managerOf(one);
    // The state of a consumer is written now and then; what was out may come as new, or again.
    await waitFor(async () => (await manager.consumers.info('EVENTS', consumer.name)).num_ack_pending === 1);
    finish();
    await settled(one, consumer);
    expect(deliveries.left).toEqual([]);
  });

  it('stops at once while the server is away', async () => {
    const consumer = only('stopping');
    const one = await open(consumer);
    const process = await run(one, aHandler(consumer).handler);
    const away = one.logger.said('NATS is away');
    await nats.kill();
    await away;
    await process.runner.stop();
    await one.jetStream.close();
    await nats.restart();
    expect(one.jetStream.isHealthy()).toBe(false);
  });

  it.each(['consumer', 'stream'])('makes its %s again when it is removed, and goes on', async (what) => {
    const consumer = only(`removed-${what}`, {
      filterSubjects: [eventFilter(requestAccepted), eventFilter(requestFailed)],
    });
    const one = await open(consumer);
    const { handler, deliveries } = aHandler(consumer);
    await run(one, handler);
    await one.jetStream.eventLog.append(aRequestAddress(), anAcceptedEvent());
    await deliveries.take();
    await settled(one, consumer);
    const manager = await managerOf(one);
    if (what === 'stream') await manager.streams.delete('EVENTS');
    else await manager.consumers.delete('EVENTS', consumer.name);
    await one.logger.said('Consumer interrupted');
    await one.jetStream.topology.ensure();
    const address = aRequestAddress();
    await one.jetStream.eventLog.append(address, anAcceptedEvent());
    await waitFor(async () => (await deliveries.take()).event.address.channel === address.channel);
  });
});

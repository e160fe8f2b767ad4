import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { requestAccepted, type ConsumerDefinition } from '@headrace/contracts';
import { PermanentFailure } from '@headrace/event-log';
import { aFailedEvent, anAcceptedEvent, aRequestAddress } from '@headrace/event-log/testing';
import { startNats, type TestNats } from '@headrace/testing';
import { jetstream } from '@nats-io/jetstream';
import { headers } from '@nats-io/nats-core';
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

describe('a consumer at work', () => {
  it('hands events to the handler of their type, and acknowledges them and those of no interest', async () => {
    const consumer = only('hands');
    const one = await open(consumer);
    const { handler, deliveries } = aHandler(consumer);
    const address = aRequestAddress('hands');
    await one.jetStream.eventLog.append(address, anAcceptedEvent());
    await one.jetStream.eventLog.append(address, aFailedEvent());
    await run(one, handler);
    const { event, delivery } = await deliveries.take();
    expect(event).toEqual(await one.jetStream.eventLog.read(address).then(([first]) => first));
    expect(delivery).toMatchObject({ count: 1, isLast: false });
    await settled(one, consumer);
    expect(deliveries.left).toEqual([]);
    expect(one.logger.lines.filter(({ level }) => level !== 'info')).toEqual([]);
  });

  it('delivers again when a handler throws, and writes one warning without the payload', async () => {
    const consumer = only('again');
    const one = await open(consumer);
    const { handler, deliveries } = aHandler(consumer, (_event, { count }) => {
      if (count < 3) throw new Error('The provider hiccuped');
    });
    await run(one, handler);
    await one.jetStream.eventLog.append(aRequestAddress('again'), anAcceptedEvent('a private text'));
    const counts = [await deliveries.take(), await deliveries.take(), await deliveries.take()];
    expect(counts.map(({ delivery: { count } }) => count)).toEqual([1, 2, 3]);
    await settled(one, consumer);
    const warnings = one.logger.about('Handler failed');
    expect(warnings.map(({ level, fields }) => [level, fields['delivery'], fields['error']])).toEqual([
      ['warn', 1, 'The provider hiccuped'],
      ['warn', 2, 'The provider hiccuped'],
    ]);
    expect(JSON.stringify(one.logger.lines)).not.toContain('a private text');
  });

  it('takes over what a dead process held, once its acknowledgement is overdue', async () => {
    const consumer = only('dead', { ackWaitMs: 500 });
    const one = await open(consumer);
    await one.jetStream.eventLog.append(aRequestAddress('dead'), anAcceptedEvent());
    const dying = await jetstream(one.jetStream.connection.client).consumers.get('EVENTS', consumer.name);
    expect(await dying.next()).not.toBeNull();
    const { handler, deliveries } = aHandler(consumer);
    await run(one, handler);
    expect((await deliveries.take()).delivery.count).toBe(2);
    await settled(one, consumer);
  });

  it('keeps a message for as long as its handler works on it', async () => {
    const consumer = only('slow', { ackWaitMs: 1_000 });
    const one = await open(consumer);
    const other = await open(consumer);
    let finish: () => void = () => undefined;
    const working = new Promise<void>((resolve) => (finish = resolve));
    const { handler, deliveries } = aHandler(consumer, () => working);
    await run(one, handler);
    await run(other, handler);
    await one.jetStream.eventLog.append(aRequestAddress('slow'), anAcceptedEvent());
    await deliveries.take();
    // A second message that is never answered comes again: proof that the wait of the first is over as well.
    const sentinel = only('slow-sentinel', { ackWaitMs: 1_000 });
    const watcher = await open(sentinel);
    const overdue = aHandler(sentinel);
    await watcher.jetStream.eventLog.append(aRequestAddress('slow-sentinel'), anAcceptedEvent());
    const pull = await jetstream(watcher.jetStream.connection.client).consumers.get('EVENTS', sentinel.name);
    await pull.next();
    await pull.next();
    await run(watcher, overdue.handler);
    expect((await overdue.deliveries.take()).delivery.count).toBe(3);
    expect(deliveries.left).toEqual([]);
    finish();
    await settled(one, consumer);
    expect(deliveries.left).toEqual([]);
  });

  it('gives up at once what can never succeed, with one line that says why', async () => {
    const consumer = only('permanent');
    const one = await open(consumer);
    const { handler, deliveries } = aHandler(consumer, () => {
      throw new PermanentFailure('The workflow is gone');
    });
    await run(one, handler);
    await one.jetStream.eventLog.append(aRequestAddress('permanent'), anAcceptedEvent());
    const { fields, level } = await one.logger.said('given up');
    expect([level, fields]).toEqual([
      'error',
      expect.objectContaining({ consumer: consumer.name, delivery: 1, error: 'The workflow is gone' }),
    ]);
    await settled(one, consumer);
    await deliveries.take();
    expect(deliveries.left).toEqual([]);
  });

  it('gives up a message that is no event, and goes on with the next', async () => {
    const consumer = only('broken');
    const one = await open(consumer);
    const { handler, deliveries } = aHandler(consumer);
    const { channel } = aRequestAddress();
    const envelope = headers();
    envelope.set('ce-type', requestAccepted.type);
    await one.jetStream.connection.client.request(`evt.broken.${channel}.request.accepted`, 'not JSON', {
      timeout: 1_000,
      headers: envelope,
    });
    await one.jetStream.eventLog.append(aRequestAddress('broken'), anAcceptedEvent());
    await run(one, handler);
    await deliveries.take();
    expect((await one.logger.said('given up')).fields['error']).toMatch(/is not JSON/);
    await settled(one, consumer);
  });

  it('tells the handler which delivery is the last', async () => {
    const consumer = only('last', { maxDeliver: 2 });
    const one = await open(consumer);
    const { handler, deliveries } = aHandler(consumer, () => {
      throw new Error('Never works');
    });
    await run(one, handler);
    await one.jetStream.eventLog.append(aRequestAddress('last'), anAcceptedEvent());
    const both = [await deliveries.take(), await deliveries.take()];
    expect(both.map(({ delivery: { count, isLast } }) => [count, isLast])).toEqual([
      [1, false],
      [2, true],
    ]);
    expect((await one.logger.said('given up')).fields['delivery']).toBe(2);
  });
});

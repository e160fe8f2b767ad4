import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { anAcceptedEvent, aRequestAddress } from '@headrace/event-log/testing';
import { startNats, type TestNats } from '@headrace/testing';
import { aConsumer, aHandler, openJetStream, runHandlers } from '../testing/index.js';

let nats: TestNats;
beforeAll(async () => {
  nats = await startNats({ maxPendingBytes: 40_000_000 });
});
afterAll(() => nats.stop());

const content = 'x'.repeat(1_000_000);
const consumer = aConsumer('test-large', { filterSubjects: ['evt.large.*.request.*'], ackWaitMs: 20_000 });

/** Nothing else happens in this process meanwhile. */
const beBusy = (ms: number) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);

describe('messages of a megabyte each', () => {
  it('do not cost a busy process its connection, however many there are', async () => {
    const { jetStream, logger } = await openJetStream(nats, { consumers: [consumer] });
    // Three times what the server holds for one connection before it closes it.
    const addresses = Array.from({ length: 120 }, () => aRequestAddress('large'));
    for (const address of addresses) await jetStream.eventLog.append(address, anAcceptedEvent(content));
    const handled = new Set<string>();
    const all = Promise.withResolvers<void>();
    const { handler } = aHandler(consumer, ({ address }) => {
      if (handled.size === 0) beBusy(1_000);
      handled.add(address.channel);
      if (handled.size === addresses.length) all.resolve();
    });
    const { stop } = await runHandlers(jetStream, handler);
    await all.promise;
    // What is asked on the same connection is answered.
    await jetStream.eventLog.append(aRequestAddress(), anAcceptedEvent());
    expect(logger.lines.filter(({ level }) => level !== 'info')).toEqual([]);
    await stop();
    await jetStream.close();
  }, 60_000);
});

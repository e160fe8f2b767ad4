import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { ConsumerDefinition } from '@headrace/contracts';
import { HandlesBatch, PermanentFailure, type Recorded } from '@headrace/event-log';
import { anAcceptedEvent, aRequestAddress } from '@headrace/event-log/testing';
import { startNats, type TestNats } from '@headrace/testing';
import {
  aConsumer,
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

const only = (project: string, more: Partial<ConsumerDefinition> = {}) =>
  aConsumer(`batch-${project}`, { filterSubjects: [`evt.${project}.>`], maxDeliver: -1, batch: 10, ...more });

/** Runs a batch handler that notes the texts of its events and then does what the test says. */
async function batching(
  consumer: ConsumerDefinition,
  behave: (texts: readonly string[]) => Promise<void> | void = () => undefined,
) {
  const one = await openJetStream(nats, { consumers: [consumer] });
  opened.push(one);
  const batches: string[][] = [];
  class Handler {
    @HandlesBatch(consumer)
    async write(events: readonly Recorded[]): Promise<void> {
      const texts = events.map(({ data }) => (data as { messages: { content: string }[] }).messages[0]?.content ?? '');
      batches.push(texts);
      await behave(texts);
    }
  }
  return {
    ...one,
    batches,
    start: async () => processes.push(await runHandlers(one.jetStream, new Handler())),
    append: async (project: string, texts: readonly string[]) => {
      for (const text of texts) await one.jetStream.eventLog.append(aRequestAddress(project), anAcceptedEvent(text));
    },
    settled: () => settled(one, consumer),
  };
}

const texts = (count: number) => Array.from({ length: count }, (_, index) => `text ${index}`);

describe('a consumer in batches', () => {
  it('hands events over in log order, at most a batch at a time, and never two batches at once', async () => {
    let running = 0;
    let most = 0;
    const { start, append, settled, batches } = await batching(only('order'), async () => {
      most = Math.max(most, (running += 1));
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
    });
    await append('order', texts(35));
    await start();
    await settled();
    expect(batches.flat()).toEqual(texts(35));
    expect(Math.max(...batches.map(({ length }) => length))).toBe(10);
    expect(most).toBe(1);
  });

  it('does not keep a single event waiting for a full batch', async () => {
    const { start, append, settled, batches } = await batching(only('single'));
    await start();
    await append('single', ['alone']);
    await settled();
    expect(batches).toEqual([['alone']]);
  });

  it('delivers a failed batch again, with one line for all of it', async () => {
    let failures = 1;
    const { start, append, settled, batches, logger } = await batching(only('fails'), () => {
      failures -= 1;
      if (failures >= 0) throw new Error('The database is away');
    });
    await append('fails', texts(5));
    await start();
    await settled();
    expect(batches[0]).toEqual(texts(5));
    expect(new Set(batches.slice(1).flat())).toEqual(new Set(texts(5)));
    const lines = logger.lines.filter(({ level }) => level !== 'info');
    expect(lines).toEqual([
      expect.objectContaining({
        level: 'warn',
        fields: { consumer: 'batch-fails', messages: 5, error: 'The database is away' },
      }),
    ]);
  });

  it('gives up the one event that cannot be mended, and handles the others', async () => {
    const handled: string[] = [];
    const { start, append, settled, logger } = await batching(only('poison'), (batch) => {
      if (batch.includes('poison')) throw new PermanentFailure('This row fits no table');
      handled.push(...batch);
    });
    await append('poison', ['one', 'poison', 'two']);
    await start();
    await settled();
    expect(handled).toEqual(['one', 'two']);
    expect(logger.about('given up').map(({ fields }) => fields['error'])).toEqual(['This row fits no table']);
  });
});

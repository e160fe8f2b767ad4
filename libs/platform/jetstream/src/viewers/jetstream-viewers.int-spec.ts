import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ChannelViewers } from '@headrace/event-log';
import { startNats, waitFor, type TestNats } from '@headrace/testing';
import { openJetStream, type TestJetStream } from '../testing/index.js';
import { JetStreamViewers } from './jetstream-viewers.js';

const times = { reportMs: 20, askMs: 50 };
const logger = { info: () => undefined, warn: () => undefined, error: () => undefined, debug: () => undefined };
let nats: TestNats;
let processes: TestJetStream[];
let viewers: JetStreamViewers[];

beforeAll(async () => {
  nats = await startNats();
  processes = [await openJetStream(nats), await openJetStream(nats), await openJetStream(nats)];
  viewers = processes.map(({ jetStream }) => new JetStreamViewers(jetStream.connection, logger, times));
});
afterAll(async () => {
  await Promise.all(processes.map(({ jetStream }) => jetStream.close()));
  await nats.stop();
});

describe('the numbers of viewers of a project', () => {
  it('are those of all processes, follow them, and are not looked for once nobody wants to know', async () => {
    const [one, two, dashboard] = viewers as [JetStreamViewers, JetStreamViewers, JetStreamViewers];
    const counts: ChannelViewers[][] = [[], []];
    let looked = 0;
    const reports = [one, two].map((process, index) =>
      process.report(() => {
        looked += 1;
        return counts[index] ?? [];
      }),
    );
    counts[0] = [{ project: 'p1', channel: 'c1', viewers: 2 }];
    counts[1] = [
      { project: 'p1', channel: 'c1', viewers: 1 },
      { project: 'p2', channel: 'c9', viewers: 7 },
    ];
    const sums = new Map<string, number>();
    const watching = dashboard.watch('p1', (channel, sum) => sums.set(channel, sum));
    await waitFor(() => sums.get('c1') === 3, { everyMs: 5 });
    counts[0] = [{ project: 'p1', channel: 'c2', viewers: 1 }];
    await waitFor(() => sums.get('c1') === 1 && sums.get('c2') === 1, { everyMs: 5 });
    reports[0]?.close();
    await waitFor(() => sums.get('c2') === 0, { everyMs: 5 });
    expect(sums.has('c9')).toBe(false);
    watching.close();
    let before = -1;
    // It ends by itself once nobody has asked for a while.
    await waitFor(
      () => {
        const isOver = looked === before;
        before = looked;
        return isOver;
      },
      { everyMs: 10 * times.reportMs },
    );
    reports[1]?.close();
  });
});

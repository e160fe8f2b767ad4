import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { EventLogUnavailable, type EventLog } from '@headrace/event-log';
import type { ReplayPage, ReplayRow } from '@headrace/read-model';
import { waitFor } from '@headrace/testing';
import { ReplayHarness, replayProject, type Letter } from '../testing/replay.harness.js';
import type { ReplayRunner } from './replay-runner.js';

let harness: ReplayHarness;
let runner: ReplayRunner;

beforeAll(async () => {
  harness = await ReplayHarness.start();
}, 60_000);
afterAll(() => harness.close());
beforeEach(() => {
  ({ runner } = harness.worker());
});

/** Lets workers go on until a replay is as it should be. */
async function until(replay: ReplayRow, status: string, workers = [runner]): Promise<ReplayRow> {
  return waitFor(
    async () => {
      await Promise.all(workers.map((worker) => worker.step()));
      const now = await harness.stand(replay);
      return now.status === status && now;
    },
    { everyMs: 1 },
  );
}

const timesReplayed = (letters: readonly Letter[]) =>
  Promise.all(letters.map(async (letter) => (await harness.replaysOf(letter)).length));
const once = (letters: readonly Letter[]) => letters.map(() => 1);

/** Takes the page that is due for a very short time, as a process that will not come to record it. */
async function claimForAMoment(): Promise<ReplayPage> {
  return waitFor(() => harness.work.claim(1), { everyMs: 1 });
}

describe('a replay of many dead letters', () => {
  it('plans each once, under its message id and with its bytes, in the trace of its request', async () => {
    const letters = await harness.letters(3);
    const done = await until(await harness.replay(letters), 'completed');
    expect(done).toMatchObject({ total: 3, planned: 3, succeeded: 0, failed: 0, skipped: {}, failure: null });
    for (const letter of letters) {
      const [replay, ...more] = await harness.replaysOf(letter);
      expect(more).toEqual([]);
      const { deliveryId, messageId, body } = letter.planned;
      expect(replay?.data).toMatchObject({ messageId, body, replayOf: deliveryId, url: 'https://endpoint-1.test/' });
      const [original] = await harness.jetStream.eventLog.readChannel(replay?.address.project ?? '', letter.channel);
      expect(replay?.causationId).toBe(original?.id);
    }
  });

  it('counts what became of its deliveries', async () => {
    const letters = await harness.letters(3);
    const replay = await until(await harness.replay(letters), 'completed');
    const [good, bad] = letters;
    await harness.end(good as Letter, 'success');
    await harness.end(bad as Letter, 'error');
    const counted = await waitFor(async () => {
      await runner.settle();
      const now = await harness.stand(replay);
      return now.succeeded + now.failed === 2 && now;
    });
    expect(counted).toMatchObject({ planned: 3, succeeded: 1, failed: 1 });
  });

  it('is worked off by several processes at once without sending anything twice', async () => {
    const letters = await harness.letters(120);
    const workers = [1, 2, 3].map(() => harness.worker().runner);
    const done = await until(await harness.replay(letters), 'completed', workers);
    expect(done).toMatchObject({ planned: 120, skipped: {} });
    expect(await timesReplayed(letters)).toEqual(once(letters));
  });

  it('has no letter that died after it was made', async () => {
    const [before] = await harness.letters(1, 'endpoint-2');
    const selection = { filter: { endpointId: 'endpoint-2' } };
    const replay = await harness.replay([], { selection, ratePerSecond: 1_000 });
    const [after] = await harness.letters(1, 'endpoint-2');
    expect(await until(replay, 'completed')).toMatchObject({ total: 1, planned: 1 });
    expect(await timesReplayed([before as Letter, after as Letter])).toEqual([1, 0]);
  });

  it('keeps to its rate: a page is not due before', async () => {
    const letters = await harness.letters(2);
    const replay = await harness.replay(letters, { ratePerSecond: 0.5 });
    await waitFor(async () => {
      await runner.step();
      return (await harness.stand(replay)).planned === 1;
    });
    expect(await harness.work.claim(1)).toBeUndefined();
    expect(await harness.work.untilDue()).toBeGreaterThan(1_000);
    await harness.store.changeRate(replay.id, 1_000);
    await until(replay, 'completed');
    expect(await timesReplayed(letters)).toEqual([1, 1]);
  });

  it('is completed at once when nothing was chosen', async () => {
    expect(await harness.replay([])).toMatchObject({ status: 'completed', total: 0 });
  });

  it('fails visibly when its project is gone', async () => {
    const replay = await harness.replay(await harness.letters(1));
    const failed = await until(replay, 'failed', [harness.worker({ project: null }).runner]);
    expect(failed).toMatchObject({ planned: 0, failure: 'The project was removed.' });
  });
});

describe('a replay whose process is killed', () => {
  it('before a page is recorded is taken over: what was planned is not planned again, but counted', async () => {
    const letters = await harness.letters(60);
    const replay = await harness.replay(letters);
    await harness.worker().planner.handle(await claimForAMoment());
    expect(await harness.stand(replay)).toMatchObject({ planned: 0 });
    expect(await until(replay, 'completed')).toMatchObject({ planned: 60, skipped: {} });
    expect(await timesReplayed(letters)).toEqual(once(letters));
  });

  it('in the middle of a page leaves nothing out', async () => {
    const letters = await harness.letters(20);
    const replay = await harness.replay(letters);
    const { planner } = harness.worker({ log: failingAfter(7, new Error('killed')) });
    await expect(planner.handle(await claimForAMoment())).rejects.toThrow('killed');
    expect(await until(replay, 'completed')).toMatchObject({ planned: 20 });
    expect(await timesReplayed(letters)).toEqual(once(letters));
  });

  it('counts as planned what was, although the endpoint was removed before somebody took over', async () => {
    const letters = await harness.letters(2);
    const replay = await harness.replay(letters);
    await harness.worker().planner.handle(await claimForAMoment());
    const { runner: other } = harness.worker({ project: replayProject({ endpoints: [] }) });
    expect(await until(replay, 'completed', [other])).toMatchObject({ planned: 2, skipped: {} });
  });

  it('cannot record a page that somebody else has taken over', async () => {
    const letters = await harness.letters(2);
    const replay = await harness.replay(letters);
    const { planner } = harness.worker();
    const page = await claimForAMoment();
    const outcomes = (await planner.handle(page)) ?? [];
    await until(replay, 'completed');
    expect(await harness.work.record(page, outcomes)).toBe(false);
    expect(await harness.stand(replay)).toMatchObject({ planned: 2 });
  });

  it('counts what it had planned when it was cancelled meanwhile', async () => {
    const letters = await harness.letters(20);
    const replay = await harness.replay(letters);
    const { planner } = harness.worker({ log: failingAfter(5, new Error('killed')) });
    await expect(planner.handle(await claimForAMoment())).rejects.toThrow('killed');
    await harness.store.changeStatus(replay.id, 'running', 'cancelled');
    const planned = (await timesReplayed(letters)).reduce((sum, count) => sum + count, 0);
    const counted = await waitFor(async () => {
      await runner.step();
      const now = await harness.stand(replay);
      return now.planned === planned && now;
    });
    expect(counted).toMatchObject({ status: 'cancelled', skipped: { cancelled: 20 - planned } });
    expect((await timesReplayed(letters)).reduce((sum, count) => sum + count, 0)).toBe(planned);
  });
});

describe('a replay during an outage of the log', () => {
  it('goes on when it is over, and sends nothing twice', async () => {
    const letters = await harness.letters(10);
    const replay = await harness.replay(letters);
    const away = harness.worker({ log: failingAfter(4, new EventLogUnavailable('No answer.')) });
    await away.runner.step();
    expect(await harness.stand(replay)).toMatchObject({ status: 'running', planned: 0 });
    expect(await until(replay, 'completed')).toMatchObject({ planned: 10 });
    expect(await timesReplayed(letters)).toEqual(once(letters));
  });
});

describe('a replay that its owner stops', () => {
  it('waits while it is paused and goes on after that', async () => {
    const letters = await harness.letters(2);
    const replay = await harness.replay(letters);
    await harness.store.changeStatus(replay.id, 'running', 'paused');
    await runner.step();
    expect(await timesReplayed(letters)).toEqual([0, 0]);
    await harness.store.changeStatus(replay.id, 'paused', 'running');
    expect(await until(replay, 'completed')).toMatchObject({ planned: 2 });
  });

  it('is completed although it was paused while its last page was under way', async () => {
    const replay = await harness.replay(await harness.letters(2));
    const page = await waitFor(() => harness.work.claim(5_000), { everyMs: 1 });
    await harness.store.changeStatus(replay.id, 'running', 'paused');
    expect(await harness.work.record(page, (await harness.worker().planner.handle(page)) ?? [])).toBe(true);
    expect(await harness.stand(replay)).toMatchObject({ status: 'completed', planned: 2 });
  });

  it('plans no further page when it is cancelled, and counts the one that was under way', async () => {
    const letters = await harness.letters(150);
    const replay = await harness.replay(letters);
    const page = await waitFor(() => harness.work.claim(5_000), { everyMs: 1 });
    await harness.store.changeStatus(replay.id, 'running', 'cancelled');
    await harness.work.record(page, (await harness.worker().planner.handle(page)) ?? []);
    await runner.step();
    expect(await harness.stand(replay)).toMatchObject({
      status: 'cancelled',
      planned: 100,
      finishedAt: expect.any(Date),
    });
    expect((await timesReplayed(letters)).filter((times) => times === 1)).toHaveLength(100);
  });

  it('does not change when it is another status by then', async () => {
    const replay = await until(await harness.replay(await harness.letters(1)), 'completed');
    expect(await harness.store.changeStatus(replay.id, 'running', 'cancelled')).toBeUndefined();
  });
});

/** The log, until so many events were appended. */
function failingAfter(appends: number, error: Error): EventLog {
  const log = harness.jetStream.eventLog;
  let left = appends;
  const failing = Object.create(log) as EventLog;
  failing.append = (...appended) => (left-- > 0 ? log.append(...appended) : Promise.reject(error));
  return failing;
}
